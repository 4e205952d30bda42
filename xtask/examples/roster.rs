//! Writes a roster of invented children for the import bench: `roster FILE.xlsx ROWS`.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

const SURNAMES: [&str; 20] = [
    "龙", "石", "麻", "吴", "田", "向", "彭", "张", "李", "王", "周", "何", "杨", "刘", "罗", "谭", "符", "梁", "欧",
    "覃",
];
const GIVEN: [&str; 25] = [
    "俊", "杰", "佳", "怡", "雨", "欣", "子", "涵", "文", "博", "秀", "英", "志", "强", "小", "梅", "思", "远", "晓",
    "明", "海", "燕", "春", "兰", "宇",
];
const HEADERS: [&str; 12] = [
    "序号",
    "姓名",
    "性别",
    "出生日期",
    "身份证号码",
    "学籍号",
    "班级",
    "家庭住址",
    "是否寄宿",
    "监护人姓名",
    "与儿童关系",
    "监护人电话",
];
const GRADES: [&str; 6] = ["一", "二", "三", "四", "五", "六"];

/// The check digit of GB 11643 (ISO 7064 mod 11-2).
fn check_digit(first17: &str) -> char {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = first17
        .chars()
        .filter_map(|c| c.to_digit(10))
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    "10X98765432".chars().nth((sum % 11) as usize).unwrap_or('0')
}

fn row(number: usize) -> [String; 12] {
    let name = |n: usize| {
        let given = [GIVEN[n / 20 % 25], GIVEN[n / 500 % 25]].concat();
        format!("{}{given}", SURNAMES[n % 20])
    };
    let grade = number % 6;
    let (year, month, day) = (2019 - grade, number / 28 % 8 + 1, number % 28 + 1);
    let girl = number.is_multiple_of(2);
    // The order number in the ID number is odd for boys.
    let order = (number / 37 % 499) * 2 + usize::from(!girl);
    let first17 = format!("433124{year}{month:02}{day:02}{order:03}");
    let id = format!("{first17}{}", check_digit(&first17));
    [
        (number + 1).to_string(),
        name(number),
        if girl { "女" } else { "男" }.to_owned(),
        format!("{year}-{month:02}-{day:02}"),
        id.clone(),
        format!("G{id}"),
        format!("{}（{}）班", GRADES[grade], number / 6 % 16 + 1),
        format!("吉卫镇第{}村{}组", number % 23 + 1, number % 7 + 1),
        if number.is_multiple_of(3) { "是" } else { "否" }.to_owned(),
        name(number * 7 + 3),
        if number.is_multiple_of(4) { "爷爷" } else { "奶奶" }.to_owned(),
        format!("139{:08}", 10_000_019 + number * 7919 % 80_000_000),
    ]
}

fn main() -> Result<(), XlsxError> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, rows] = args.as_slice() else {
        panic!("roster FILE.xlsx ROWS")
    };
    let rows: usize = rows.parse().expect("a number of rows");
    let mut seen = std::collections::HashSet::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    // As text: a spreadsheet would take the last digits off a number of eighteen.
    let text = Format::new().set_num_format("@");
    for (column, header) in HEADERS.iter().enumerate() {
        sheet.write_string(0, column as u16, *header)?;
    }
    for number in 0..rows {
        let cells = row(number);
        assert!(seen.insert(cells[4].clone()), "the ID number {} comes twice", cells[4]);
        for (column, cell) in cells.iter().enumerate() {
            sheet.write_string_with_format(number as u32 + 1, column as u16, cell, &text)?;
        }
    }
    book.save(file)
}

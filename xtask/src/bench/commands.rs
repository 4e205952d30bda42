//! Benches of the commands.

use super::Stage;
use super::measure::{Demo, measure};
use crate::Outcome;
use crate::shell::{must, which};
use std::path::Path;

/// From the start of `tongxing demo` in an empty folder to the first good answer.
pub fn demo_ready(stage: &mut Stage) -> Outcome<String> {
    stage.demo = None;
    let data = stage.dir("demo")?;
    let demo = Demo::start(stage, &data)?;
    let figure = format!("{:.2} s", demo.server.ready_after);
    stage.demo = Some(demo);
    Ok(figure)
}

/// A roster of 5,000 rows into an empty school, then the same again, which changes nothing.
pub fn import(stage: &mut Stage) -> Outcome<String> {
    let data = stage.dir("import")?;
    let file = stage.work.join("roster.xlsx");
    must(stage.helper("roster").arg(&file).arg("5000"), "Writing the roster")?;
    let school = ["school", "add", "--code", "B1", "--name", "测试学校"];
    measure(&mut stage.tongxing(&data, &school))?.or_complain("school add")?;
    let mut figures = Vec::new();
    for wanted in ["\"created\":5000", "\"unchanged\":5000"] {
        let mut import = stage.tongxing(&data, &["import", "children"]);
        import.arg(&file).args(["--school", "B1"]);
        let ran = measure(&mut import)?.or_complain("import")?;
        if !ran.stdout.replace(": ", ":").contains(wanted) {
            return Err(format!(
                "the import says no {wanted}: {}",
                ran.stdout.chars().take(300).collect::<String>()
            ));
        }
        figures.push(format!("{:.2} s, {:.0} MiB", ran.seconds, ran.peak_mib));
    }
    Ok(format!("{}; again: {}", figures[0], figures[1]))
}

/// A year's summary of the richest school as PDF, from the start of the command to its end.
pub fn summary_pdf(stage: &mut Stage) -> Outcome<String> {
    let file = stage.work.join("summary.pdf");
    let figure = summary(stage, &file)?;
    let pages = which("pdfinfo")
        .and_then(|_| crate::shell::output("pdfinfo", [&file]).ok())
        .and_then(|text| {
            let line = text.lines().find(|line| line.starts_with("Pages:"))?.to_owned();
            line.split_whitespace().nth(1).map(str::to_owned)
        });
    Ok(format!("{figure}, {} pages", pages.as_deref().unwrap_or("?")))
}

/// The same as DOCX.
pub fn summary_docx(stage: &mut Stage) -> Outcome<String> {
    let file = stage.work.join("summary.docx");
    summary(stage, &file)
}

fn summary(stage: &mut Stage, file: &Path) -> Outcome<String> {
    let data = stage.demo()?.data.clone();
    let mut report = stage.tongxing(&data, &["report", "summary", "--school", "S2", "--style", "S2"]);
    report
        .args(["--from", "2025-09-01", "--to", "2026-07-10", "--out"])
        .arg(file);
    let ran = measure(&mut report)?.or_complain("report summary")?;
    Ok(format!("{:.2} s, {:.0} MiB", ran.seconds, ran.peak_mib))
}

/// All duties of a county of 20,000 children for one day: the command without a school.
pub fn duties(stage: &mut Stage) -> Outcome<String> {
    let data = stage.dir("county")?;
    let synth = [
        "synth",
        "--schools",
        "100",
        "--children",
        "20000",
        "--years",
        "1",
        "--seed",
        "1",
    ];
    let filled = measure(&mut stage.tongxing(&data, &synth))?.or_complain("synth")?;
    let ran =
        measure(&mut stage.tongxing(&data, &["duties", "--on", "2026-11-24", "--json"]))?.or_complain("duties")?;
    let items = ran.stdout.matches("\"rule\"").count();
    Ok(format!(
        "{:.2} s, {:.0} MiB for {items} duties (filling took {:.0} s)",
        ran.seconds, ran.peak_mib, filled.seconds
    ))
}

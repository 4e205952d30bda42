//! The API of people: accounts, what they hold, first passwords (features L1).

use crate::people::{HeldRow, NewPerson, appoint, enable_account, end_right, longest, people};
use crate::people_asked::{add_once, asked, day_of, ending, managed, new_password, own_password, right_of};
use crate::people_page::APPOINTERS;
use serde_json::{Value as Json, json};
use tx_base::{Fault, Result, t};
use tx_store::Class;
use tx_web::{Ctx, Reply, Route};

pub(crate) static ROUTES: &[Route] = &[
    Route::get("/api/v1/users", APPOINTERS, Class::O, get_users)
        .says(t("账号和各自的角色", "Accounts and what they hold"))
        .query(&[(
            "school",
            "string",
            t(
                "学校代码；不写就是自己的学校，管理员不写是县里的账号",
                "School code; without it the own school, for administrators those of the county",
            ),
        )]),
    Route::json("POST", "/api/v1/users", APPOINTERS, Class::O, "NewUser", post_user).says(t(
        "加一个人，首次密码只在这次回答里",
        "Add a person; the first password stands in this answer only",
    )),
    Route::json(
        "POST",
        "/api/v1/users/{id}/rights",
        APPOINTERS,
        Class::O,
        "NewRight",
        post_right,
    )
    .says(t("给一个角色或岗位", "Give a role or post")),
    Route::json(
        "POST",
        "/api/v1/users/{id}/rights/end",
        APPOINTERS,
        Class::O,
        "EndRight",
        post_end,
    )
    .says(t("结束一个角色或岗位", "End a role or post")),
    Route::bare(
        "POST",
        "/api/v1/users/{id}/password",
        APPOINTERS,
        Class::S,
        post_password,
    )
    .says(t("重发首次密码", "A new first password")),
    Route::bare("POST", "/api/v1/users/{id}/enable", APPOINTERS, Class::O, post_enable)
        .says(t("重新启用", "Open an account again")),
];

fn held_json(h: &HeldRow) -> Json {
    json!({"held": h.held.code(), "class": h.class_name, "from": h.from, "to": h.to, "approved_by": h.approved_by})
}

fn get_users(ctx: &Ctx) -> Result<Reply> {
    let (scope, school) = (ctx.scope()?, asked(ctx)?);
    let all = ctx.read(|c| people(c, scope.county, school.as_ref().map(|s| s.id), scope.today))?;
    let items: Vec<Json> = all
        .iter()
        .map(|p| json!({"id": p.id, "user": p.user, "name": p.name, "adult": p.adult, "disabled": p.disabled, "first_password_until": p.first_until.map(|t| t.iso()), "held": p.held.iter().map(held_json).collect::<Vec<_>>()}))
        .collect();
    Ok(Reply::json(&json!({"items": items, "next": null})))
}

fn post_user(ctx: &Ctx) -> Result<Reply> {
    let (scope, school, body) = (ctx.scope()?, asked(ctx)?, ctx.json()?);
    if let Some(k) = body
        .keys()
        .find(|k| !["school", "name", "sex", "user", "roles", "from", "to"].contains(&k.as_str()))
    {
        return Err(Fault::invalid(
            k,
            format!("没有 {k} 这一项"),
            format!("there is no field {k}"),
        ));
    }
    let word = |k: &str| body.get(k).and_then(Json::as_str).unwrap_or_default().trim().to_owned();
    let sent = body.get("roles").and_then(Json::as_array).cloned().unwrap_or_default();
    let rights = ctx.read(|c| {
        sent.iter()
            .map(|v| match v {
                Json::String(code) => right_of(c, scope, school.as_ref(), code, "", None),
                v => right_of(
                    c,
                    scope,
                    school.as_ref(),
                    v["role"].as_str().unwrap_or_default(),
                    v["class"].as_str().unwrap_or_default(),
                    None,
                ),
            })
            .collect::<Result<Vec<_>>>()
    })?;
    let to = word("to");
    let new = NewPerson {
        school: school.map(|s| s.id),
        adult: None,
        name: word("name"),
        sex: Some(word("sex")).filter(|s| !s.is_empty()),
        user: word("user"),
        rights,
        from: day_of(&word("from"), "from", scope.today)?,
        to: if to.is_empty() {
            None
        } else {
            Some(day_of(&to, "to", scope.today)?)
        },
    };
    let (id, user, password) = add_once(ctx, new)?;
    let mut answer = json!({"id": id, "user": user});
    match password {
        Some(p) => answer["password"] = json!(p),
        None => return Ok(Reply::json_with(201, &answer).with("idempotency-replayed", "true".into())),
    }
    Ok(Reply::json_with(201, &answer))
}

fn post_right(ctx: &Ctx) -> Result<Reply> {
    let (p, school, account) = managed(ctx)?;
    let (scope, body) = (ctx.scope()?, ctx.json()?);
    let word = |k: &str| body.get(k).and_then(Json::as_str).unwrap_or_default().to_owned();
    let right = ctx.read(|c| right_of(c, scope, school.as_ref(), &word("role"), &word("class"), Some(account)))?;
    let from = day_of(&word("from"), "from", scope.today)?;
    let to = day_of(&word("to"), "to", longest(right.held, from))?;
    let (school, adult) = (school.map(|s| s.id), p.adult);
    ctx.write_json(ctx.act("right.give")?, move |w| {
        appoint(w, school, adult, account, &right, from, to)?;
        Ok((
            201,
            json!({"id": account, "held": right.held.code(), "from": from, "to": to}),
        ))
    })
}

fn post_end(ctx: &Ctx) -> Result<Reply> {
    let (p, school, account) = managed(ctx)?;
    let (scope, body) = (ctx.scope()?, ctx.json()?);
    let word = |k: &str| body.get(k).and_then(Json::as_str).unwrap_or_default().to_owned();
    let (held, class) = ending(scope, &p, school.as_ref(), account, &word("role"), &word("class"))?;
    let from = day_of(&word("from"), "from", scope.today)?;
    ctx.write_json(ctx.act("right.end")?, move |w| {
        end_right(w, account, held, class, from)?;
        Ok((200, json!({"id": account, "held": held.code(), "ended": true})))
    })
}

fn post_password(ctx: &Ctx) -> Result<Reply> {
    let (_, _, account) = managed(ctx)?;
    if account == ctx.scope()?.account {
        return Err(Fault::Conflict(own_password()));
    }
    Ok(Reply::json(
        &json!({"id": account, "password": new_password(ctx, account)?}),
    ))
}

fn post_enable(ctx: &Ctx) -> Result<Reply> {
    let (_, _, account) = managed(ctx)?;
    ctx.write_json(ctx.act("account.enable")?, move |w| {
        enable_account(w, account)?;
        Ok((200, json!({"id": account, "disabled": false})))
    })
}

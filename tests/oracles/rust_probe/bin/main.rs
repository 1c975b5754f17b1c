//! The probe: reads requests from stdin, asks the fixtures' applications, writes the answers.
//!
//! In: one line a run, `fixture TAB variables` (`NAME=value`, joined by U+001F), below it one
//! line a request that begins with a TAB: `TAB method TAB path TAB headers` (joined likewise).
//! Out: the same runs in the same order, each `fixture TAB served|failed`, below it one line an
//! answer: `TAB status TAB handler TAB pattern TAB layers` (joined likewise).

mod applications;

use std::io::Read;

use rust_probe_exchange::{run, Answer, Ask};

const JOIN: char = '\u{1f}';

struct Run {
    fixture: String,
    variables: Vec<(String, String)>,
    asks: Vec<Ask>,
}

fn main() {
    let mut text = String::new();
    std::io::stdin()
        .read_to_string(&mut text)
        .expect("stdin is text");
    for each in read(&text) {
        for (name, value) in &each.variables {
            std::env::set_var(name, value);
        }
        let application = applications::find(&each.fixture);
        let answers = application.and_then(|application| run(each.asks, application));
        for (name, _) in &each.variables {
            std::env::remove_var(name);
        }
        println!(
            "{}\t{}",
            each.fixture,
            if answers.is_some() {
                "served"
            } else {
                "failed"
            }
        );
        answers.unwrap_or_default().iter().for_each(write);
    }
}

fn read(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        match (fields.as_slice(), runs.last_mut()) {
            (["", method, path, headers], Some(run)) => run.asks.push(Ask {
                method: (*method).to_owned(),
                path: (*path).to_owned(),
                headers: pairs(headers),
            }),
            ([fixture, variables], _) => runs.push(Run {
                fixture: (*fixture).to_owned(),
                variables: pairs(variables),
                asks: Vec::new(),
            }),
            _ => panic!("not a run and not a request: {line:?}"),
        }
    }
    runs
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let parts = text.split(JOIN).filter(|part| !part.is_empty());
    parts
        .filter_map(|part| part.split_once('='))
        .map(|(a, b)| (a.into(), b.into()))
        .collect()
}

fn write(answer: &Answer) {
    let clean = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let layers = answer.layers.join(&JOIN.to_string());
    println!(
        "\t{}\t{}\t{}\t{}",
        answer.status,
        clean(&answer.handler),
        clean(&answer.pattern),
        clean(&layers)
    );
}

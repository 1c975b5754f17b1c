//! What the probe and the stand-ins for the frameworks tell each other: which requests the
//! application under test is to be asked, and what it answered.

use std::sync::Mutex;

/// One request, without a body.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: String,
    pub path: String,
    pub headers: Vec<(String, String)>,
}

/// What came back: `handler` is the handler's own word for itself (the header `x-handler`, else
/// the body of an answer with a body), `pattern` the path of the route as the framework has it,
/// `layers` the middleware that marked the answer, innermost first.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub handler: String,
    pub pattern: String,
    pub layers: Vec<String>,
}

static ASKS: Mutex<Vec<Ask>> = Mutex::new(Vec::new());
static ANSWERS: Mutex<Vec<Answer>> = Mutex::new(Vec::new());

/// Runs an application's `main`, whose serving answers the requests instead of listening.
/// Returns nothing where the application never came to serve.
pub fn run(asks: Vec<Ask>, application: fn()) -> Option<Vec<Answer>> {
    *ASKS.lock().unwrap_or_else(|lock| lock.into_inner()) = asks;
    ANSWERS
        .lock()
        .unwrap_or_else(|lock| lock.into_inner())
        .clear();
    std::panic::catch_unwind(application).ok()?;
    Some(std::mem::take(&mut *ANSWERS.lock().ok()?))
}

pub fn asks() -> Vec<Ask> {
    ASKS.lock().unwrap().clone()
}

pub fn answered(answer: Answer) {
    ANSWERS.lock().unwrap().push(answer);
}

impl Answer {
    /// From a response's parts; headers in the order in which they were added.
    pub fn read(status: u16, body: &[u8], pattern: String, headers: &[(String, String)]) -> Self {
        let of = |name: &str| {
            let name = name.to_owned();
            headers
                .iter()
                .filter(move |(key, _)| *key == name)
                .map(|(_, value)| value.clone())
        };
        let handler = of("x-handler").next();
        let handler = handler.unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
        Self {
            status,
            handler,
            pattern,
            layers: of("x-mw").collect(),
        }
    }
}

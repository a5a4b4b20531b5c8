//! The words by which a task of a form is found: of its title, its subject, and the texts, items of catalogs and names of files in
//! its fields, tables included. Comments and names of people are not among them: this view has none of them. No database.

use std::collections::BTreeSet;

use domain::form::Value;

use super::rule::Task;

/// Words of one task.
const WORDS_MAX: usize = 1_000;
/// Characters of a word: longer ones are found by how they begin.
const CHARACTERS_MAX: usize = 40;

/// The words of a text, in lower case: runs of letters and digits.
pub fn of(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.to_lowercase().chars().take(CHARACTERS_MAX).collect())
}

/// The words of a task; none of one that is deleted or has no form.
pub fn of_task(task: &Task) -> Vec<String> {
    let Some(filling) = task.filling.as_ref().filter(|_| !task.deleted) else { return Vec::new() };
    let cells = filling.tables.values().flat_map(|table| table.values()).flat_map(|row| row.cells.values());
    let texts = filling.values.values().chain(cells).flat_map(|value| match value {
        Value::Text(text) => vec![text.as_str()],
        Value::Files(files) => files.iter().map(|file| file.name.as_str()).collect(),
        // As they were when they were chosen.
        Value::Items(picked) => picked.items.iter().flat_map(|item| item.values.cells()).collect(),
        Value::Number(_)
        | Value::Date(_)
        | Value::DueDate(..)
        | Value::Time(_)
        | Value::Moment(..)
        | Value::Checked(_)
        | Value::Person(_)
        | Value::Choices(_)
        | Value::Tasks(_) => Vec::new(),
    });
    let titles = [filling.title.as_str(), task.header.subject.as_deref().unwrap_or_default()];
    let mut words = BTreeSet::new();
    for word in titles.into_iter().chain(texts).flat_map(of) {
        words.insert(word);
        if words.len() == WORDS_MAX {
            break;
        }
    }
    words.into_iter().collect()
}

/// That each of these words begins a word of a task, in Postgres's language of queries. Words are letters and digits.
pub fn query(words: &[String]) -> String {
    words.iter().map(|word| format!("'{word}':*")).collect::<Vec<_>>().join(" & ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_and_digits_in_lower_case() {
        assert_eq!(of("Stühle, ABC-00012; d'Or!").collect::<Vec<_>>(), ["stühle", "abc", "00012", "d", "or"]);
        assert_eq!(of(" … ").count(), 0);
        assert_eq!(query(&["abc".to_owned(), "00012".to_owned()]), "'abc':* & '00012':*");
    }
}

//! Text from people: what is refused (U+0000, lone surrogates), and the cleaning of formatted text.

//! Who may do what with a task. The only place that decides it.

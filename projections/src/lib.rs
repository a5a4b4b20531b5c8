//! Events in, everything else out: the directory, views, notifications. What events mean is
//! `domain`'s; how they came into the log is `actors`'.

"""Languages: Qt translation files, dates, and the words for errors."""

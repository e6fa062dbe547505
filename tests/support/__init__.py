"""What tests of several kinds share. One module a subject; nothing here is shipped."""

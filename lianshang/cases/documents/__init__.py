"""Documents of a case (文书): what each of the five reads, who may draw it, and the words that fill it, all from the records."""

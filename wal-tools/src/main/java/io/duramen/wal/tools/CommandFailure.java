package io.duramen.wal.tools;

/// A command cannot go on, for a reason that its message says in one sentence.
final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailure(String sentence) {
        super(sentence);
    }

    CommandFailure(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}

package io.duramen.wal.tools;

/// How the command ends; scripts rely on it.
final class ExitCode {
    static final int SUCCESS = 0;
    /// The log has a problem, or could not be reached.
    static final int PROBLEM = 1;
    /// The command line is wrong; nothing was done.
    static final int USAGE = 2;

    private ExitCode() {}
}

package io.duramen.wal.log;

import io.duramen.wal.WalException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Which calls to a disk are to fail, and which there were. Any thread may call.
final class Faults {
    static final int EIO = 5;
    static final int ENOSPC = 28;

    enum Kind {
        WRITE, SYNC, ALLOCATE, RENAME, LIST
    }

    /// One call.
    ///
    /// @param file of a rename, the new name
    /// @param offset where it writes or allocates, else 0
    record Call(Kind kind, Path file, long offset) {
        boolean isOn(Path path) {
            return file.equals(path);
        }
    }

    private record Rule(Predicate<Call> matches, int errno, boolean once) {}

    private final List<Call> calls = new ArrayList<>();
    private Rule rule;
    private int passing;

    /// Lets the nth call of this kind from now on fail, counted from 1, and none after it.
    synchronized void failNth(int nth, Kind kind, int errno) {
        failFirst(call -> call.kind() == kind, errno);
        passing = nth - 1;
    }

    /// Lets the next call that matches fail, and none after it.
    synchronized void failFirst(Predicate<Call> matches, int errno) {
        rule = new Rule(matches, errno, true);
        passing = 0;
    }

    /// Lets all calls of a kind fail until mended.
    synchronized void failAll(Kind kind, int errno) {
        rule = new Rule(call -> call.kind() == kind, errno, false);
        passing = 0;
    }

    synchronized void mend() {
        rule = null;
    }

    /// Notes a call.
    ///
    /// @return how it is to fail, where it is
    synchronized Optional<WalException> seen(Kind kind, Path file, long offset) {
        Call call = new Call(kind, file, offset);
        calls.add(call);
        if (rule == null || !rule.matches().test(call)) {
            return Optional.empty();
        }
        if (passing > 0) {
            passing--;
            return Optional.empty();
        }
        int errno = rule.errno();
        rule = rule.once() ? null : rule;
        return Optional.of(new WalException.Io("injected " + kind, file, errno, "for a test"));
    }

    synchronized long count(Kind kind, Path file) {
        return calls.stream().filter(call -> call.kind() == kind && call.isOn(file)).count();
    }
}

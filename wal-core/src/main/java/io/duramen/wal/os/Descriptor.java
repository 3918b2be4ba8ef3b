package io.duramen.wal.os;

import io.duramen.wal.WalException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntToLongFunction;
import java.util.function.ToLongFunction;

/// Owns a file descriptor.
///
/// The kernel gives a closed descriptor's number to the next file that is opened, so a number used
/// after its close reads or writes a stranger's file. Hence the number is lent out only between
/// [#tryUse()] and [#endUse()], and close(2) waits for the last use to end.
///
/// Any thread may call.
public final class Descriptor implements OpenFile, AutoCloseable {
    private final int number;
    private final Path path;
    private final UseCount uses = new UseCount();
    private final List<Runnable> closeListeners = new CopyOnWriteArrayList<>();

    private Descriptor(int number, Path path) {
        this.number = number;
        this.path = path;
    }

    /// open(2); always with O_CLOEXEC, so that a child process does not inherit it.
    ///
    /// @param mode permissions of a file it creates, before the process's mask
    public static Descriptor open(Path path, int flags, int mode) {
        long number = Errno.retrying(
                () -> FileCalls.open(path, flags | FileCalls.O_CLOEXEC, mode));
        return new Descriptor((int) Errno.check("open", path, number), path);
    }

    /// Takes over a descriptor that another call than open(2) gave.
    ///
    /// @param name what messages call it
    public static Descriptor own(int number, Path name) {
        return new Descriptor(number, name);
    }

    @Override
    public Path path() {
        return path;
    }

    @Override
    public boolean tryUse() {
        return uses.tryBegin();
    }

    @Override
    public void use() {
        if (!uses.tryBegin()) {
            throw new WalException.Closed(path.toString());
        }
    }

    @Override
    public void endUse() {
        if (uses.end()) {
            giveBack();
        }
    }

    /// The number, for who has it in use.
    public int number() {
        assert uses.isInUse() : "the number of a descriptor is read while it is in use";
        return number;
    }

    @Override
    public long pread(MemorySegment into, long offset) {
        return FileCalls.pread(number(), into, offset);
    }

    @Override
    public long pwrite(MemorySegment bytes, long offset) {
        return FileCalls.pwrite(number(), bytes, offset);
    }

    @Override
    public long preadv(List<MemorySegment> pieces, long offset) {
        return vectored(pieces, list -> VectorCalls.preadv(
                number(), list.memory(), list.size(), offset));
    }

    @Override
    public long pwritev(List<MemorySegment> pieces, long offset) {
        return vectored(pieces, list -> VectorCalls.pwritev(
                number(), list.memory(), list.size(), offset));
    }

    private static long vectored(List<MemorySegment> pieces, ToLongFunction<IovecList> call) {
        try (Arena arena = Arena.ofConfined()) {
            IovecList list = IovecList.allocate(arena,
                    Math.min(pieces.size(), IovecList.CALL_PIECES_MAX));
            new PieceCursor(pieces).listNext(list, Long.MAX_VALUE);
            return call.applyAsLong(list);
        }
    }

    @Override
    public int fdatasync() {
        return FileCalls.fdatasync(number());
    }

    @Override
    public int fsync() {
        return FileCalls.fsync(number());
    }

    @Override
    public int fallocate(long offset, long lengthBytes) {
        return SpaceCalls.fallocate(number(), 0, offset, lengthBytes);
    }

    /// Makes a call that returns a negative error number on failure; throws that as an exception.
    public long call(String name, IntToLongFunction call) {
        return Errno.check(name, path, attempt(call));
    }

    /// As [#call(String, IntToLongFunction)], for who wants to look at the error number.
    public long attempt(IntToLongFunction call) {
        use();
        try {
            return Errno.retrying(() -> call.applyAsLong(number));
        } finally {
            endUse();
        }
    }

    /// Has a listener called when the descriptor is closed and nobody uses it any more, on the
    /// thread that ends the last use, right before close(2). Whoever adds one has it in use.
    public void addCloseListener(Runnable listener) {
        closeListeners.add(listener);
    }

    /// Undoes [#addCloseListener(Runnable)]; a call that has begun meanwhile goes on.
    public void removeCloseListener(Runnable listener) {
        closeListeners.remove(listener);
    }

    @Override
    public void close() {
        if (uses.close()) {
            giveBack();
        }
    }

    /// The result says nothing anyone could act on: Linux frees the number in any case, so a second
    /// try could hit another file, and what must be on the device was synced before.
    private void giveBack() {
        closeListeners.forEach(Runnable::run);
        int result = FileCalls.close(number);
        assert result != -Errno.EBADF : "a descriptor was closed by someone who does not own it";
    }
}

package io.duramen.wal.io.posix.calls;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoOperation.Fallocate;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoOperation.Writev;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.DescriptorOwner;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.OpenFile;
import io.duramen.wal.os.OpenFileOwner;
import io.duramen.wal.os.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// A chain whose files stay open until it has ended. An operation that cannot be executed, as its
/// file was closed before or does not take a transfer that is aligned like this one, is refused: it
/// fails when its turn comes, without a system call.
public final class HeldChain {
    private final IoChain chain;

    /// For each operation why it is refused; null where none is.
    private WalException[] refusals;

    /// Behind this many nothing is held: a linked chain ends there.
    private int heldEnd;

    private HeldChain(IoChain chain) {
        this.chain = chain;
    }

    /// @throws IllegalArgumentException for a file of another disk's; then nothing is held
    public static HeldChain of(IoChain chain) {
        return of(chain, OpenFileOwner.class);
    }

    /// As [#of(IoChain)], of files with a descriptor only.
    public static HeldChain ofDescriptors(IoChain chain) {
        return of(chain, DescriptorOwner.class);
    }

    private static HeldChain of(IoChain chain, Class<? extends OpenFileOwner> owners) {
        List<IoOperation> operations = chain.operations();
        for (int i = 0; i < operations.size(); i++) {
            require(owners, operations.get(i).file());
        }
        HeldChain held = new HeldChain(chain);
        held.hold();
        return held;
    }

    private void hold() {
        while (heldEnd < size()) {
            int index = heldEnd++;
            WalException obstacle = hold(index);
            if (obstacle != null) {
                refuse(index, obstacle);
                if (!isHardLinked()) {
                    return;
                }
            }
        }
    }

    /// Why the operation's file is not held, null where it is.
    private WalException hold(int index) {
        WalException misaligned = AlignedBytes.obstacle(operation(index));
        if (misaligned != null) {
            return misaligned;
        }
        return isWithTheOneBefore(index) || openFile(index).tryUse() ? null
                : new WalException.Closed(operation(index).file().path().toString());
    }

    private void refuse(int index, WalException why) {
        if (refusals == null) {
            refusals = new WalException[size()];
        }
        refusals[index] = why;
    }

    /// Gives the files back; once, by whoever does not execute it.
    public void giveBack() {
        for (int i = 0; i < heldEnd; i++) {
            if (refusal(i) == null && !isWithTheOneBefore(i)) {
                openFile(i).endUse();
            }
        }
    }

    /// A run of operations on one file uses it once.
    private boolean isWithTheOneBefore(int index) {
        return index > 0 && operation(index).file() == operation(index - 1).file()
                && refusal(index - 1) == null;
    }

    public int size() {
        return chain.operations().size();
    }

    public IoOperation operation(int index) {
        return chain.operations().get(index);
    }

    public boolean isHardLinked() {
        return chain.link() == IoChain.Link.HARD_LINKED;
    }

    /// The descriptor of an operation that is not refused, nor behind one in a linked chain; of a
    /// chain of files that have one.
    public Descriptor descriptor(int index) {
        return ((DescriptorOwner) operation(index).file()).descriptor();
    }

    private OpenFile openFile(int index) {
        return ((OpenFileOwner) operation(index).file()).openFile();
    }

    private static void require(Class<? extends OpenFileOwner> owners, IoFile file) {
        if (!owners.isInstance(file)) {
            throw new IllegalArgumentException(file.path()
                    + " was not opened by a disk that this driver belongs with");
        }
    }

    /// Executes the operations one after the other on this thread, gives the files back and counts
    /// the calls. Never throws.
    ///
    /// @param files what makes the calls of a file: mostly itself
    /// @param stop asked before each operation
    public IoResult execute(UnaryOperator<OpenFile> files, StopSignal stop,
            ChainCounters counters) {
        Execution execution = new Execution(files, stop, counters, new Transfer());
        List<IoResult.Failure> failures = new ArrayList<>(0);
        for (int i = 0; i < size() && (failures.isEmpty() || isHardLinked()); i++) {
            WalException cause = execute(i, execution);
            if (cause != null) {
                failures.add(new IoResult.Failure(i, cause));
            }
        }
        giveBack();
        counters.countSystemCalls(execution.transfer.systemCalls());
        return IoResult.of(failures, execution.transfer.transferredBytes());
    }

    private record Execution(UnaryOperator<OpenFile> files, StopSignal stop,
            ChainCounters counters, Transfer transfer) {}

    /// Why the operation failed, null where it is complete.
    private WalException execute(int index, Execution execution) {
        StopReason reason = execution.stop.reason();
        if (reason != null) {
            return stopped(index, reason);
        }
        if (refusal(index) != null) {
            return refusal(index);
        }
        long before = execution.transfer.transferredBytes();
        WalException cause = perform(index, execution);
        execution.counters.countByCall(operation(index).kind(),
                execution.transfer.transferredBytes() - before);
        return cause;
    }

    private WalException perform(int index, Execution execution) {
        RuntimeException unusable = UsableBytes.obstacle(operation(index));
        if (unusable != null) {
            return unusable(index, unusable);
        }
        try {
            OpenFile file = execution.files.apply(openFile(index));
            perform(operation(index), file, execution.transfer);
            return null;
        } catch (WalException cause) {
            return cause;
        } catch (Throwable thrown) { // a buffer that is closed under the call, or faults
            return unusable(index, thrown);
        }
    }

    private static void perform(IoOperation operation, OpenFile file, Transfer transfer) {
        switch (operation) {
            case Write(_, var bytes, long offset) -> transfer.pwrite(file, bytes, offset);
            case Writev(_, var pieces, long offset) -> transfer.pwritev(file, pieces, offset);
            case Read(_, var into, long offset) -> transfer.pread(file, into, offset);
            case Readv(_, var pieces, long offset) -> transfer.preadv(file, pieces, offset);
            case Fdatasync _ -> transfer.fdatasync(file);
            case Fsync _ -> transfer.fsync(file);
            case Fallocate(_, long offset, long length) ->
                    transfer.fallocate(file, offset, length);
        }
    }

    /// Why an operation cannot be executed whatever happens, null where it can.
    public WalException refusal(int index) {
        return refusals == null ? null : refusals[index];
    }

    /// Why an operation ends whose bytes cannot be used.
    public WalException unusable(int index, Throwable thrown) {
        var failure = new WalException.Io(operation(index).kind().call(),
                operation(index).file().path(), 0, thrown.toString());
        failure.initCause(thrown);
        return failure;
    }

    /// Why one ends that the kernel refused.
    public WalException failure(int index, int errno) {
        return Errno.failure(
                operation(index).kind().call(), operation(index).file().path(), errno);
    }

    /// The failures of a chain that is given up before its operation `first`.
    public List<IoResult.Failure> stoppedFrom(int first, StopReason reason) {
        int end = isHardLinked() ? size() : first + 1;
        return IntStream.range(first, end)
                .mapToObj(i -> new IoResult.Failure(i, stopped(i, reason))).toList();
    }

    /// Why an operation ends that was given up.
    public WalException stopped(int index, StopReason reason) {
        String call = operation(index).kind().call();
        return switch (reason) {
            case CANCELLED -> new WalException.Cancelled(call, operation(index).file().path());
            case TIMED_OUT -> new WalException.TimedOut(
                    call, operation(index).file().path(), chain.timeout().orElseThrow());
        };
    }

    /// The time by which this is to be complete, counted from now.
    public Deadline deadline() {
        return Deadline.in(chain.timeout());
    }
}

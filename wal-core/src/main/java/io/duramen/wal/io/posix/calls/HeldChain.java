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
import io.duramen.wal.os.Transfer;
import io.duramen.wal.os.TransferCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A chain whose descriptors stay open until it has ended. An operation that cannot be executed, as
/// its file was closed before, is refused: it fails when its turn comes.
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
        List<IoOperation> operations = chain.operations();
        for (int i = 0; i < operations.size(); i++) {
            requireDescriptor(operations.get(i).file());
        }
        HeldChain held = new HeldChain(chain);
        held.hold();
        return held;
    }

    private void hold() {
        while (heldEnd < size()) {
            int index = heldEnd++;
            if (!isWithTheOneBefore(index) && !descriptor(index).tryUse()) {
                refuse(index, new WalException.Closed(
                        operation(index).file().path().toString()));
                if (!isHardLinked()) {
                    return;
                }
            }
        }
    }

    private void refuse(int index, WalException why) {
        if (refusals == null) {
            refusals = new WalException[size()];
        }
        refusals[index] = why;
    }

    /// Gives the descriptors back; once, by whoever does not execute it.
    public void giveBack() {
        for (int i = 0; i < heldEnd; i++) {
            if (refusal(i) == null && !isWithTheOneBefore(i)) {
                descriptor(i).endUse();
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

    /// The descriptor of an operation that is not refused, nor behind one in a linked chain.
    public Descriptor descriptor(int index) {
        return ((DescriptorOwner) operation(index).file()).descriptor();
    }

    private static void requireDescriptor(IoFile file) {
        if (!(file instanceof DescriptorOwner)) {
            throw new IllegalArgumentException(file.path()
                    + " was not opened by a disk of this machine: its drivers take no other");
        }
    }

    /// Executes the operations one after the other on this thread, gives the descriptors back and
    /// counts the calls. Never throws.
    ///
    /// @param stop asked before each operation
    public IoResult execute(TransferCalls calls, StopSignal stop, ChainCounters counters) {
        Transfer transfer = new Transfer(calls);
        List<IoResult.Failure> failures = new ArrayList<>(0);
        for (int i = 0; i < size() && (failures.isEmpty() || isHardLinked()); i++) {
            WalException cause = execute(i, transfer, stop, counters);
            if (cause != null) {
                failures.add(new IoResult.Failure(i, cause));
            }
        }
        giveBack();
        counters.countSystemCalls(transfer.systemCalls());
        return IoResult.of(failures, transfer.transferredBytes());
    }

    /// Why the operation failed, null where it is complete.
    private WalException execute(int index, Transfer transfer, StopSignal stop,
            ChainCounters counters) {
        StopReason reason = stop.reason();
        if (reason != null) {
            return stopped(index, reason);
        }
        if (refusal(index) != null) {
            return refusal(index);
        }
        long before = transfer.transferredBytes();
        WalException cause = perform(index, transfer);
        counters.countByCall(operation(index).kind(), transfer.transferredBytes() - before);
        return cause;
    }

    private WalException perform(int index, Transfer transfer) {
        RuntimeException unusable = UsableBytes.obstacle(operation(index));
        if (unusable != null) {
            return unusable(index, unusable);
        }
        try {
            perform(operation(index), descriptor(index), transfer);
            return null;
        } catch (WalException cause) {
            return cause;
        } catch (Throwable thrown) { // a buffer that is closed under the call, or faults
            return unusable(index, thrown);
        }
    }

    private static void perform(IoOperation operation, Descriptor file, Transfer transfer) {
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

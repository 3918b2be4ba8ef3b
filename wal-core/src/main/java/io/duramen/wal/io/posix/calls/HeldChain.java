package io.duramen.wal.io.posix.calls;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoChain;
import io.duramen.wal.io.IoFile;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Fsync;
import io.duramen.wal.io.IoOperation.Read;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.DescriptorOwner;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.OpenFile;
import io.duramen.wal.os.OpenFileOwner;
import io.duramen.wal.os.Transfer;
import java.util.List;

/// A chain whose files stay open until it has been executed.
///
/// @param held how many operations, counted from the first, have their file in use; the next cannot
///     be executed, so there the chain will fail
public record HeldChain(List<IoOperation> operations, int held) {
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
        int held = 0;
        while (held < operations.size() && misalignment(operations.get(held)) == null
                && (isWithTheOneBefore(operations, held)
                        || openFile(operations.get(held)).tryUse())) {
            held++;
        }
        return new HeldChain(operations, held);
    }

    /// Executes the operations one after the other on this thread, gives the files back and
    /// counts. Never throws.
    public IoResult execute(ChainCounters counters) {
        Transfer transfer = new Transfer();
        IoResult result = transferAll(transfer);
        giveBack();
        counters.count(transfer, result);
        return result;
    }

    private IoResult transferAll(Transfer transfer) {
        int index = 0;
        try {
            for (; index < held; index++) {
                perform(operations.get(index), transfer);
            }
            if (held < operations.size()) {
                throw whyItEnds();
            }
            return new IoResult.Done(transfer.transferredBytes());
        } catch (WalException cause) {
            return new IoResult.Failed(index, transfer.transferredBytes(), cause);
        } catch (Throwable thrown) { // a buffer that is closed, on the heap, or faults
            return new IoResult.Failed(index, transfer.transferredBytes(),
                    unusable(index, thrown));
        }
    }

    private static void perform(IoOperation operation, Transfer transfer) {
        switch (operation) {
            case Write(_, var bytes, long offset) ->
                    transfer.pwrite(openFile(operation), bytes, offset);
            case Read(_, var into, long offset) ->
                    transfer.pread(openFile(operation), into, offset);
            case Fdatasync _ -> transfer.fdatasync(openFile(operation));
            case Fsync _ -> transfer.fsync(openFile(operation));
        }
    }

    /// Why the chain ends at the operation behind those that are held.
    public WalException whyItEnds() {
        IoOperation next = operations.get(held);
        WalException.Misaligned misaligned = misalignment(next);
        return misaligned != null ? misaligned
                : new WalException.Closed(next.file().path().toString());
    }

    /// Why a direct file does not take a transfer, or null.
    private static WalException.Misaligned misalignment(IoOperation operation) {
        try {
            switch (operation) {
                case Write(var file, var bytes, long offset) -> file.requireAligned(bytes, offset);
                case Read(var file, var into, long offset) -> file.requireAligned(into, offset);
                case Fdatasync _,Fsync _ -> {
                    return null;
                }
            }
            return null;
        } catch (WalException.Misaligned refused) {
            return refused;
        }
    }

    /// Why it ends at an operation whose bytes cannot be used.
    public WalException unusable(int index, Throwable thrown) {
        var failure = new WalException.Io(callName(index), operations.get(index).file().path(), 0,
                thrown.toString());
        failure.initCause(thrown);
        return failure;
    }

    /// Why it ends at an operation that the kernel refused.
    public WalException failure(int index, int errno) {
        return Errno.failure(callName(index), operations.get(index).file().path(), errno);
    }

    private String callName(int index) {
        return switch (operations.get(index)) {
            case Write _ -> "pwrite";
            case Read _ -> "pread";
            case Fdatasync _ -> "fdatasync";
            case Fsync _ -> "fsync";
        };
    }

    /// The descriptor of an operation that is held, of a chain of files that have one.
    public Descriptor descriptor(int index) {
        return ((DescriptorOwner) operations.get(index).file()).descriptor();
    }

    /// Gives the files back; once, by whoever does not execute it.
    public void giveBack() {
        for (int i = 0; i < held; i++) {
            if (!isWithTheOneBefore(operations, i)) {
                openFile(operations.get(i)).endUse();
            }
        }
    }

    /// A run of operations on one file uses it once.
    private static boolean isWithTheOneBefore(List<IoOperation> operations, int index) {
        return index > 0 && operations.get(index).file() == operations.get(index - 1).file();
    }

    private static OpenFile openFile(IoOperation operation) {
        return ((OpenFileOwner) operation.file()).openFile();
    }

    private static void require(Class<? extends OpenFileOwner> owners, IoFile file) {
        if (!owners.isInstance(file)) {
            throw new IllegalArgumentException(file.path()
                    + " was not opened by a disk that this driver belongs with");
        }
    }
}

package io.duramen.wal.io.uring;

import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoOperation.Readv;
import io.duramen.wal.io.IoOperation.Writev;
import io.duramen.wal.io.posix.calls.HeldChain;
import io.duramen.wal.io.posix.calls.UsableBytes;
import io.duramen.wal.os.IovecList;
import io.duramen.wal.os.SubmissionEntry;

/// Which of a chain's operations go into the ring together, and what links them.
///
/// A sync or an allocation that fails does *not* break the link: the kernel goes on behind it. So
/// in a linked chain it ends its round, and in a hard-linked one, where this is what is asked for,
/// its link is a hard one. Behind a transfer it never is, for it would also hold where a part is
/// missing: what a failed transfer broke off, the next round takes up.
final class RingRounds {
    private final HeldChain chain;

    RingRounds(HeldChain chain) {
        this.chain = chain;
    }

    /// The last operation of a round that begins with `first`, of which so much is moved already.
    ///
    /// A round ends before an operation that is refused and before bytes that cannot be used, which
    /// the next one finds in front; before more pieces of memory than there is room for; and behind
    /// an operation whose link would hold although it is not complete.
    int last(int first, long moved, RingEntries entries) {
        int last = first;
        int pieces = pieces(first);
        while (linkTellsFailure(last, last == first ? moved : 0, entries) && canFollow(last + 1)) {
            pieces += pieces(last + 1);
            if (pieces > entries.piecesFree()) {
                break;
            }
            last++;
        }
        return last;
    }

    private boolean canFollow(int index) {
        return index < chain.size() && chain.refusal(index) == null
                && UsableBytes.obstacle(chain.operation(index)) == null;
    }

    private boolean linkTellsFailure(int index, long moved, RingEntries entries) {
        return chain.operation(index).kind().isTransfer() ? fitsEntry(index, moved, entries)
                : chain.isHardLinked();
    }

    /// What one entry moves of a larger transfer looks complete to the kernel.
    private boolean fitsEntry(int index, long moved, RingEntries entries) {
        IoOperation operation = chain.operation(index);
        int pieces = switch (operation) {
            case Writev(_, var all, _) -> all.size();
            case Readv(_, var all, _) -> all.size();
            default -> 1;
        };
        return pieces <= IovecList.CALL_PIECES_MAX
                && operation.sizeBytes() - moved <= entries.transferBytesMax();
    }

    /// Pieces of memory that one entry of an operation lists.
    int pieces(int index) {
        return switch (chain.operation(index)) {
            case Writev(_, var pieces, _) -> Math.min(pieces.size(), IovecList.CALL_PIECES_MAX);
            case Readv(_, var pieces, _) -> Math.min(pieces.size(), IovecList.CALL_PIECES_MAX);
            default -> 0;
        };
    }

    /// What is between an operation and the one that is put next, up to the last of the round.
    byte linkBehind(int index, int last) {
        if (!hasWorkBehind(index, last)) {
            return RingEntries.NO_LINK;
        }
        return chain.isHardLinked() && !chain.operation(index).kind().isTransfer()
                ? SubmissionEntry.IOSQE_IO_HARDLINK : SubmissionEntry.IOSQE_IO_LINK;
    }

    private boolean hasWorkBehind(int index, int last) {
        for (int i = index + 1; i <= last; i++) {
            if (!isEmptyTransfer(i)) {
                return true;
            }
        }
        return false;
    }

    /// Complete without a system call.
    boolean isEmptyTransfer(int index) {
        IoOperation operation = chain.operation(index);
        return operation.kind().isTransfer() && operation.sizeBytes() == 0;
    }
}

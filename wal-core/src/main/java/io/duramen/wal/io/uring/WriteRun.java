package io.duramen.wal.io.uring;

import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.Errno;
import io.duramen.wal.os.IovecList;
import io.duramen.wal.os.SubmissionEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// Writes of several chains that lie next to each other in one file and were waiting together: one
/// vectored write, and one sync for those that end in one.
///
/// Each chain is told exactly what happened to its own bytes. Where the write moves less than all,
/// each chain that misses something goes on by itself from where its bytes ended, and gets its own
/// error then. A sync that failed has failed for all that asked for one. Where one of the chains is
/// to be given up, all of them come back, and the others go on by themselves.
final class WriteRun implements Flight {
    private static final int WRITE = 0;
    private static final int SYNC = 1;

    private final List<RingChain> chains;
    private final boolean durable;
    private int slot;
    private int outstanding;
    private int written;
    private int synced = -Errno.ECANCELED;

    private WriteRun(List<RingChain> chains) {
        this.chains = chains;
        durable = chains.getFirst().isDurable();
    }

    /// What goes into the ring next: a run of two chains or more from the front of those that are
    /// ready, else the first. It needs no more entries than the first alone.
    static Flight takeFirst(ArrayDeque<Flight> ready, RingEntries entries) {
        Flight first = ready.pollFirst();
        if (!(first instanceof RingChain chain) || !chain.mayMerge() || ready.isEmpty()) {
            return first;
        }
        List<RingChain> run = null;
        RingChain last = chain;
        long bytes = chain.firstWrite().sizeBytes();
        while (ready.peekFirst() instanceof RingChain next && next.mayMerge()
                && next.continues(last) && (chain.isDurable() || !next.isDurable())
                && bytes + next.firstWrite().sizeBytes() <= entries.transferBytesMax()
                && hasRoom(run == null ? 2 : run.size() + 1, entries)) {
            if (run == null) {
                run = new ArrayList<>();
                run.add(chain);
            }
            last = (RingChain) ready.pollFirst();
            run.add(last);
            bytes += last.firstWrite().sizeBytes();
        }
        return run == null ? first : new WriteRun(run);
    }

    private static boolean hasRoom(int pieces, RingEntries entries) {
        return pieces <= Math.min(entries.piecesFree(), IovecList.CALL_PIECES_MAX);
    }

    List<RingChain> chains() {
        return chains;
    }

    @Override
    public int entriesNeeded() {
        return durable ? 2 : 1;
    }

    @Override
    public int piecesNeeded() {
        return chains.size();
    }

    @Override
    public int put(RingEntries entries, int inSlot) {
        slot = inSlot;
        chains.forEach(chain -> chain.join(inSlot));
        List<Write> writes = chains.stream().map(RingChain::firstWrite).toList();
        Descriptor file = chains.getFirst().file();
        entries.putWrites(writes, file,
                durable ? SubmissionEntry.IOSQE_IO_LINK : RingEntries.NO_LINK, slot, WRITE);
        if (durable) {
            entries.putSync(file, slot, SYNC);
        }
        outstanding = entriesNeeded();
        return outstanding;
    }

    @Override
    public boolean isLast(int index) {
        return index == SYNC || !durable;
    }

    @Override
    public boolean completed(int index, int result) {
        if (index == WRITE) {
            written = result;
        } else {
            synced = result;
        }
        outstanding--;
        return outstanding == 0;
    }

    @Override
    public void cancel(RingEntries entries) {
        entries.cancel(slot, WRITE);
        if (durable) {
            entries.cancel(slot, SYNC);
        }
    }

    @Override
    public void landed(RingLoop loop) {
        long left = Math.max(0, written);
        for (RingChain chain : chains) {
            long part = Math.min(left, chain.firstWrite().sizeBytes());
            chain.tookPart((int) part, synced);
            left -= part;
        }
        chains.forEach(loop::settle);
    }
}

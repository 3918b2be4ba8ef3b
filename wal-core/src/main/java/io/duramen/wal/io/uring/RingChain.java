package io.duramen.wal.io.uring;

import io.duramen.wal.WalException;
import io.duramen.wal.io.IoOperation;
import io.duramen.wal.io.IoOperation.Fdatasync;
import io.duramen.wal.io.IoOperation.Write;
import io.duramen.wal.io.IoResult;
import io.duramen.wal.io.posix.calls.ChainCounters;
import io.duramen.wal.io.posix.calls.Deadline;
import io.duramen.wal.io.posix.calls.HeldChain;
import io.duramen.wal.io.posix.calls.StopReason;
import io.duramen.wal.io.posix.calls.Submission;
import io.duramen.wal.io.posix.calls.UsableBytes;
import io.duramen.wal.os.Descriptor;
import io.duramen.wal.os.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How far an accepted chain has come.
///
/// A chain is executed in rounds. A round puts the operations that are not complete into the ring,
/// linked, so that the kernel itself keeps their order; when all of them have come back, what they
/// say is taken in order, up to the first that is not complete. Mostly that is all of them. A
/// transfer that moved a part only breaks the link, and the kernel cancels what is behind: the next
/// round puts the rest of the transfer, and those behind it again. [RingRounds] says which
/// operations may go together.
///
/// Made by whoever submits, owned by the ring's thread from the moment it takes the chain over.
final class RingChain implements Flight {
    private static final int NOT_PUT = Integer.MIN_VALUE;
    private static final int NOWHERE = -1;

    /// Neighbours in the list of [LiveChains].
    RingChain nextLive;
    RingChain previousLive;

    /// When the loop looks at this chain again of its own accord, null for never.
    Deadline wakeUp;

    /// How often the kernel was asked to give it up.
    int cancelAttempts;

    /// Whether it counts as waiting for the ring.
    boolean waits = true;

    private final Submission submission;
    private final HeldChain chain;
    private final RingRounds rounds;
    private final int[] results;
    private final List<IoResult.Failure> failures = new ArrayList<>(0);
    private int next; // the first operation that is not complete
    private long nextMoved; // bytes that it has moved
    private long transferred;
    private int slot = NOWHERE;
    private int lastPut = NOWHERE;
    private int outstanding;
    private int roundSize; // operations of the last round, 0 where it went with others
    private boolean alone; // is not to be merged any more
    private boolean stuck; // the last round changed nothing: the next is of one operation

    RingChain(Submission submission) {
        this.submission = submission;
        chain = submission.chain();
        rounds = new RingRounds(chain);
        results = new int[chain.size()];
        Arrays.fill(results, NOT_PUT);
    }

    Submission submission() {
        return submission;
    }

    /// At most this many entries does the next round need.
    @Override
    public int entriesNeeded() {
        return results.length - next;
    }

    @Override
    public int piecesNeeded() {
        return rounds.pieces(next);
    }

    /// Takes in what came back, and what needs no system call.
    ///
    /// @return how the chain ended, or null where it needs another round
    IoResult settle(ChainCounters counters) {
        int before = next;
        long movedBefore = nextMoved;
        boolean ended = false;
        while (!ended && next < results.length) {
            if (isUnfinished()) {
                StopReason reason = submission.reason();
                if (reason == null) {
                    break;
                }
                ended = giveUp(reason, counters);
            } else {
                ended = takeNext(counters);
            }
        }
        stuck = lastPut != NOWHERE && next == before && nextMoved == movedBefore;
        lastPut = NOWHERE;
        roundSize = 0;
        Arrays.fill(results, NOT_PUT);
        return ended || next == results.length ? IoResult.of(failures, transferred) : null;
    }

    /// Whether the next operation has to be put into the ring before it can be settled.
    private boolean isUnfinished() {
        if (chain.refusal(next) != null) {
            return false;
        }
        IoOperation operation = chain.operation(next);
        return switch (results[next]) {
            case NOT_PUT -> !rounds.isEmptyTransfer(next)
                    && UsableBytes.obstacle(operation) == null;
            case -Errno.ECANCELED -> !failedByItself();
            case -Errno.EINTR -> !wentOnBehind();
            case -Errno.EAGAIN -> operation.kind().isTransfer();
            default -> false;
        };
    }

    /// For an operation that was cancelled: true where nobody had asked for it, nor was there one
    /// in front that broke a link. What it did nobody knows, and a sync is never tried again.
    private boolean failedByItself() {
        return roundSize == 1 && cancelAttempts == 0;
    }

    /// True where the kernel passed a hard link: then the operation in front of it cannot be put
    /// again, for what is behind would not be behind any more.
    private boolean wentOnBehind() {
        return submission.reason() == null && next + 1 < results.length
                && results[next + 1] != NOT_PUT && results[next + 1] != -Errno.ECANCELED;
    }

    /// In a hard-linked chain what is behind may have happened all the same.
    ///
    /// @return whether the chain ended with it
    private boolean giveUp(StopReason reason, ChainCounters counters) {
        if (nextMoved > 0) {
            count(counters);
        }
        return failed(chain.stopped(next, reason));
    }

    /// @return whether the chain ended with it
    private boolean takeNext(ChainCounters counters) {
        if (chain.refusal(next) != null) {
            return failed(chain.refusal(next));
        }
        IoOperation operation = chain.operation(next);
        int result = results[next];
        results[next] = NOT_PUT;
        if (result == NOT_PUT) {
            RuntimeException unusable = UsableBytes.obstacle(operation);
            count(counters);
            return unusable == null ? goOn() : failed(chain.unusable(next, unusable));
        }
        if (result < 0) {
            count(counters);
            return failed(chain.failure(next, -result));
        }
        return operation.kind().isTransfer() ? moved(operation, result, counters)
                : complete(counters);
    }

    private boolean moved(IoOperation operation, int bytes, ChainCounters counters) {
        nextMoved += bytes;
        transferred += bytes;
        if (bytes == 0 && operation.kind().isWrite()) { // without a reason: never a success
            count(counters);
            return failed(chain.failure(next, Errno.EIO));
        }
        if (bytes == 0 || nextMoved == operation.sizeBytes()) {
            return complete(counters);
        }
        return false; // the rest is for another round
    }

    private boolean complete(ChainCounters counters) {
        count(counters);
        return goOn();
    }

    private boolean failed(WalException cause) {
        failures.add(new IoResult.Failure(next, cause));
        goOn();
        return !chain.isHardLinked();
    }

    private boolean goOn() {
        next++;
        nextMoved = 0;
        return false;
    }

    private void count(ChainCounters counters) {
        counters.countByRing(chain.operation(next).kind(), nextMoved);
    }

    /// The end it comes to where nothing more will happen.
    IoResult fail(WalException cause) {
        int end = chain.isHardLinked() ? results.length : next + 1;
        for (int i = next; i < end; i++) {
            failures.add(new IoResult.Failure(i, cause));
        }
        return IoResult.of(failures, transferred);
    }

    /// Starts a round. The chain is not settled: [#settle(ChainCounters)] returned null.
    @Override
    public int put(RingEntries entries, int inSlot) {
        slot = inSlot;
        int last = stuck ? next : rounds.last(next, nextMoved, entries);
        for (int i = next; i <= last; i++) {
            if (!rounds.isEmptyTransfer(i)) {
                entries.put(chain.operation(i), chain.descriptor(i), i == next ? nextMoved : 0,
                        rounds.linkBehind(i, last), slot, i);
                lastPut = i;
                outstanding++;
            }
        }
        roundSize = outstanding;
        return outstanding;
    }

    @Override
    public boolean isLast(int index) {
        return index == lastPut;
    }

    @Override
    public boolean completed(int index, int result) {
        results[index] = result;
        outstanding--;
        return outstanding == 0;
    }

    @Override
    public void cancel(RingEntries entries) {
        for (int i = next; i <= lastPut; i++) {
            if (results[i] == NOT_PUT) {
                entries.cancel(slot, i);
            }
        }
    }

    @Override
    public void landed(RingLoop loop) {
        slot = NOWHERE;
        loop.settle(this);
    }

    boolean isInFlight() {
        return slot != NOWHERE;
    }

    /// The slot of the flight that it is in.
    int slot() {
        return slot;
    }

    /// Whether this is nothing but a write, or a write and its sync, of which nothing happened yet.
    boolean mayMerge() {
        return !alone && next == 0 && nextMoved == 0 && chain.refusal(0) == null
                && chain.operation(0) instanceof Write && (results.length == 1 || isDurable());
    }

    /// For a chain that may merge: whether a sync follows the write.
    boolean isDurable() {
        return results.length == 2 && !chain.isHardLinked() && chain.refusal(1) == null
                && chain.operation(1) instanceof Fdatasync
                && chain.descriptor(0) == chain.descriptor(1);
    }

    /// For chains that may merge: whether this one's bytes follow the other's in the same file.
    boolean continues(RingChain other) {
        Write write = firstWrite();
        Write before = other.firstWrite();
        return chain.descriptor(0) == other.chain.descriptor(0)
                && before.offset() + before.sizeBytes() == write.offset();
    }

    Write firstWrite() {
        return (Write) chain.operation(0);
    }

    Descriptor file() {
        return chain.descriptor(0);
    }

    /// It goes with others.
    void join(int inSlot) {
        slot = inSlot;
    }

    /// What a vectored write did for this chain. Should it miss something, it goes on alone.
    ///
    /// @param moved bytes of its write
    /// @param synced result of the sync behind the vectored write
    void tookPart(int moved, int synced) {
        slot = NOWHERE;
        alone = true;
        if (moved > 0) {
            results[0] = moved;
        }
        if (isDurable() && moved == firstWrite().sizeBytes()) {
            results[1] = synced;
        }
    }
}

package io.duramen.wal.log;

import io.duramen.wal.WalException;
import io.duramen.wal.fragment.GroupMemory;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.memory.BufferLease;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Lets appends into a log's [GroupBacklog], or lets them wait for room and for a buffer, first
/// come, first served.
///
/// All of it is called with the queue's lock held, but for [#bufferArrived()].
final class Admission {
    private final LogEnvironment environment;
    private final LogSettings settings;
    private final GroupBacklog backlog;
    private final ReentrantLock lock;
    private final Runnable checkOpen;
    private final GroupCommit commit;
    private final WaitingLine line;
    private final GroupBuffers buffers;
    private int admitting;

    /// @param checkOpen throws where the log takes no more appends
    Admission(LogEnvironment environment, LogSettings settings, GroupBacklog backlog,
            ReentrantLock lock, Runnable checkOpen, GroupCommit commit) {
        this.environment = environment;
        this.settings = settings;
        this.backlog = backlog;
        this.lock = lock;
        this.checkOpen = checkOpen;
        this.commit = commit;
        this.line = new WaitingLine(lock);
        this.buffers =
                new GroupBuffers(environment.pool(), this::bufferArrived, environment.background());
    }

    private void bufferArrived() {
        lock.lock();
        line.wakeFirst();
        lock.unlock();
    }

    /// There may be room.
    void wakeFirst() {
        line.wakeFirst();
    }

    /// There will be no room any more.
    void wakeAll() {
        line.wakeAll();
    }

    /// Gives up what is on order for those who wait; they were woken.
    void withdraw() {
        buffers.withdraw();
    }

    /// Sees to it that the group being filled takes a submission; waits for room in the log and for
    /// a buffer.
    void admit(Submission next) {
        if (next.largestPayloadBytes() > settings.largestPayloadBytes()
                || !settings.fitFragment(next.entriesBytes(), next.entryCount())) {
            throw next.tooLarge(settings.largestPayloadBytes());
        }
        admitting++;
        try {
            awaitGroup(next);
        } catch (RuntimeException | Error refused) {
            if (refused instanceof WalException.Overloaded) {
                commit.meter().overloaded();
            }
            if (next.claimed() != null) {
                next.claimed().close();
            }
            throw refused;
        } finally {
            admitting--;
            if (admitting == 0) {
                buffers.withdraw(); // nobody here waits for what is on order, others may
            }
        }
    }

    private void awaitGroup(Submission next) {
        checkOpen.run();
        next.checkPlace(backlog.nextId());
        if (line.isEmpty() && backlog.hasRoomFor(next.entriesBytes()) && takesNow(next)) {
            return;
        }
        long deadline = System.nanoTime() + settings.admissionTimeout().toNanos();
        try (WaitingLine.Place place = line.join()) {
            while (true) {
                checkOpen.run();
                next.checkPlace(backlog.nextId());
                if (!mayGo(place, next) || !backlog.hasRoomFor(next.entriesBytes())) {
                    place.await(deadline, "the log has " + backlog.pendingBytes()
                            + " bytes waiting for the disk, its limit is "
                            + settings.pendingBytesMax());
                } else if (takesNow(next)) {
                    return;
                } else {
                    place.awaitsBuffer();
                    place.await(deadline, "all buffers of the pool are in use");
                }
            }
        }
    }

    private boolean takesNow(Submission next) {
        commit.checkMayFill();
        return backlog.fitFilling(next, commit.durableId()) || beginGroup(next);
    }

    /// Who waits for a buffer of the pool keeps nobody waiting who needs none.
    private boolean mayGo(WaitingLine.Place place, Submission next) {
        long bytes = settings.ioMode().bufferBytesFor(OpenGroup.bytesFor(next.entriesBytes()));
        boolean needsNone = next.claimed() != null || bytes > environment.pool().slotBytes();
        return place.isFirst() || line.firstAwaitsBuffer() && needsNone;
    }

    private boolean beginGroup(Submission next) {
        WritableFragment target = backlog.target();
        long bytes = OpenGroup.bytesFor(next.entriesBytes());
        Optional<GroupMemory> memory = target.ownMemory(bytes);
        if (memory.isEmpty()) {
            Optional<BufferLease> buffer = next.claimed() != null ? Optional.of(next.claimed())
                    : buffers.tryTake(settings.ioMode().bufferBytesFor(bytes));
            memory = buffer.map(target::memoryIn);
        }
        memory.ifPresent(backlog::beginGroup);
        return memory.isPresent();
    }
}

package io.duramen.wal.log;

import io.duramen.wal.WalException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Callers that wait for room in a log, first come, first served: who comes later and needs less
/// does not pass, so that nobody waits for ever.
///
/// All of it is called with the queue's lock held.
final class WaitingLine {
    private final ReentrantLock lock;
    private final ArrayDeque<Place> places = new ArrayDeque<>();

    /// A caller's place, from [#join()] to [#close()].
    final class Place implements AutoCloseable {
        private final Condition wake = lock.newCondition();
        private boolean awaitsBuffer;

        boolean isFirst() {
            return places.peek() == this;
        }

        /// There is room, only no buffer; until the next [#await(long, String)] ends.
        void awaitsBuffer() {
            awaitsBuffer = true;
            wakeOthers();
        }

        private void wakeOthers() {
            places.stream().filter(place -> place != this).forEach(place -> place.wake.signal());
        }

        /// Waits until it is woken, for no reason at times.
        ///
        /// @param deadline by [System#nanoTime()]
        /// @param overloaded what it waits for, for the refusal when the time is over
        /// @throws WalException.Overloaded when the time is over, or the thread is interrupted
        void await(long deadline, String overloaded) {
            try {
                if (wake.awaitNanos(deadline - System.nanoTime()) <= 0) {
                    throw new WalException.Overloaded(
                            overloaded + ": nothing was written, append again later");
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new WalException.Overloaded(
                        "interrupted while waiting for room: nothing was written");
            } finally {
                awaitsBuffer = false;
            }
        }

        /// Leaves the line; who is first now is woken.
        @Override
        public void close() {
            places.remove(this);
            wakeFirst();
        }
    }

    WaitingLine(ReentrantLock lock) {
        this.lock = lock;
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    Place join() {
        Place place = new Place();
        places.add(place);
        return place;
    }

    /// True where the first has room, and waits for a buffer of the pool.
    boolean firstAwaitsBuffer() {
        return !places.isEmpty() && places.peek().awaitsBuffer;
    }

    /// There may be room.
    void wakeFirst() {
        if (!places.isEmpty()) {
            places.peek().wake.signal();
        }
    }

    /// There will be no room any more.
    void wakeAll() {
        places.forEach(place -> place.wake.signal());
    }
}

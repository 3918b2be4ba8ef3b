package io.duramen.wal.io.uring;

/// The chains that were taken over and are not complete, wherever they are: so that none of them is
/// forgotten if the loop should end early. A list that runs through the chains themselves.
final class LiveChains {
    private RingChain first;
    private int size;

    void add(RingChain chain) {
        chain.nextLive = first;
        chain.previousLive = null;
        if (first != null) {
            first.previousLive = chain;
        }
        first = chain;
        size++;
    }

    void remove(RingChain chain) {
        if (chain.previousLive == null) {
            first = chain.nextLive;
        } else {
            chain.previousLive.nextLive = chain.nextLive;
        }
        if (chain.nextLive != null) {
            chain.nextLive.previousLive = chain.previousLive;
        }
        size--;
    }

    /// Any of them, null where there is none.
    RingChain any() {
        return first;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }
}

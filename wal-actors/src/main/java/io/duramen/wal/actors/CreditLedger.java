package io.duramen.wal.actors;

import java.util.HashMap;
import java.util.Map;

/// Who may append how much. Every producer has a credit of the same size, of which what it spends
/// comes back with the answer; there are so many at most, so that what is granted and what is
/// under way never exceed the total.
///
/// Plain state of [AppendCredits]: no threads, no clock.
///
/// @param <P> a producer
final class CreditLedger<P> {
    private static final class Account {
        private long spentBytes;
        private boolean gone;
    }

    private final long creditBytes;
    private final int producersMax;
    private final Map<P, Account> accounts = new HashMap<>();

    /// @param totalBytes at least one for each producer
    /// @param producersMax at least 1
    CreditLedger(long totalBytes, int producersMax) {
        if (producersMax < 1 || totalBytes < producersMax) {
            throw new IllegalArgumentException("a credit of " + totalBytes + " bytes for "
                    + producersMax + " producers: each needs one byte at least");
        }
        this.creditBytes = totalBytes / producersMax;
        this.producersMax = producersMax;
    }

    /// What a producer may have under way at once.
    long creditBytes() {
        return creditBytes;
    }

    int producersMax() {
        return producersMax;
    }

    boolean isRegistered(P producer) {
        Account account = accounts.get(producer);
        return account != null && !account.gone;
    }

    /// Opens an account with a full credit.
    ///
    /// @return false where there are too many; one that has gone counts until all it has spent is
    ///     back
    boolean register(P producer) {
        if (accounts.containsKey(producer) || accounts.size() >= producersMax) {
            return false;
        }
        accounts.put(producer, new Account());
        return true;
    }

    /// @return false where it is more than the producer has
    boolean spend(P producer, long bytes) {
        if (!isRegistered(producer) || bytes > creditBytes - accounts.get(producer).spentBytes) {
            return false;
        }
        accounts.get(producer).spentBytes += bytes;
        return true;
    }

    /// What was spent has its answer.
    ///
    /// @return true where it may be spent again
    boolean giveBack(P producer, long bytes) {
        Account account = accounts.get(producer);
        account.spentBytes -= bytes;
        assert account.spentBytes >= 0 : "given back more than was spent";
        closeWhereDone(producer, account);
        return !account.gone;
    }

    /// The producer spends no more.
    void leave(P producer) {
        Account account = accounts.get(producer);
        if (account != null) {
            account.gone = true;
            closeWhereDone(producer, account);
        }
    }

    private void closeWhereDone(P producer, Account account) {
        if (account.gone && account.spentBytes == 0) {
            accounts.remove(producer);
        }
    }

    /// Bytes under way, of all producers.
    long spentBytes() {
        return accounts.values().stream().mapToLong(account -> account.spentBytes).sum();
    }
}

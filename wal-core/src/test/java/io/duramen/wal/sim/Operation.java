package io.duramen.wal.sim;

import io.duramen.wal.log.Durability;
import java.util.Arrays;
import java.util.function.Consumer;

/// The small things that are done to a log in the simulation: random lives are made of all of them
/// by their weights, small workloads of some of them in every order. A new one needs a constant
/// here, and what it does in [LogSession], which tells the oracle.
enum Operation {
    APPEND_SYNCED(8, session -> session.append(smallOf(session), Durability.SYNCED)),

    APPEND_WRITTEN(8, session -> session.append(smallOf(session), Durability.WRITTEN)),

    /// Several sectors.
    APPEND_LARGE(2, session -> session.append(1000 + session.dice().below(4000),
            session.dice().anyOf(Durability.values()))),

    /// More than a fragment holds.
    APPEND_TOO_LARGE(1, session -> session.append(1 << 15, Durability.SYNCED)),

    APPEND_AT(3, session -> session.appendAt(smallOf(session),
            session.dice().anyOf(Durability.values()))),

    CLAIM(3, session -> session.claim(smallOf(session))),

    ABANDON_CLAIM(1, session -> session.abandonClaim(smallOf(session))),

    /// Entries that share groups, of sizes that differ by a group record's: one that is left of a
    /// group that was cut could fall into place behind a new one.
    APPEND_GROUPS(8, session -> {
        Durability durability = session.dice().anyOf(Durability.values());
        for (int i = 2 + session.dice().below(22); i > 0; i--) {
            session.appendAsync(24 + 48 * session.dice().below(3), durability);
        }
    }),

    /// An atomic batch among others, in their groups.
    APPEND_BATCH(4, session -> {
        Durability durability = session.dice().anyOf(Durability.values());
        session.appendAsync(smallOf(session), durability);
        session.appendBatchAsync(2 + session.dice().below(5), smallOf(session), durability);
        session.appendAsync(smallOf(session), durability);
    }),

    SYNC(2, LogSession::sync),

    /// By age; appends do it by size and number too.
    ROTATE(2, session -> {
        session.letFragmentAge();
        session.append(smallOf(session), session.dice().anyOf(Durability.values()));
    }),

    ROTATE_BY_COMMAND(1, LogSession::rotate),

    TRIM(2, LogSession::trim),

    TRIM_TO_TIP(1, LogSession::trimToTip),

    TRIM_UNDER_READER(1, LogSession::trimUnderReader),

    TRUNCATE(2, LogSession::truncate),

    TRUNCATE_UNDER_READERS(1, LogSession::truncateUnderReaders),

    READ(1, LogSession::read),

    VIEW(1, LogSession::view),

    REOPEN(1, LogSession::reopen),

    REOPEN_IN_NEXT_EPOCH(1, LogSession::reopenInNextEpoch);

    private static final int SMALL_MAX = 300;
    private static final int WEIGHTS = Arrays.stream(values()).mapToInt(one -> one.weight).sum();

    private final int weight;
    private final Consumer<LogSession> action;

    Operation(int weight, Consumer<LogSession> action) {
        this.weight = weight;
        this.action = action;
    }

    private static int smallOf(LogSession session) {
        return session.dice().below(SMALL_MAX);
    }

    void runOn(LogSession session) {
        action.accept(session);
    }

    /// One of them, by weight.
    static Operation any(Dice dice) {
        int at = dice.below(WEIGHTS);
        int i = 0;
        while (at >= values()[i].weight) {
            at -= values()[i].weight;
            i++;
        }
        return values()[i];
    }
}

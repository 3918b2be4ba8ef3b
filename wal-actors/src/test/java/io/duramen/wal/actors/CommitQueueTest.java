package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;

import io.duramen.wal.WalException;
import io.duramen.wal.format.EntryHeader;
import io.duramen.wal.format.FragmentGeometry;
import io.duramen.wal.format.GroupRecord;
import io.duramen.wal.fragment.OpenGroup;
import io.duramen.wal.fragment.Payload;
import io.duramen.wal.log.Appended;
import io.duramen.wal.log.Durability;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class CommitQueueTest {
    private static final long GROUP_BYTES_MAX = 4096;
    private static final FragmentSpace ROOMY =
            new FragmentSpace(new FragmentGeometry(1 << 20), 0, FragmentGeometry.DATA_START, 0);
    private static final LogRequest.AppendAnswer STARTED =
            new LogRequest.Unknown(new WalException.Closed("started"));
    private static final LogRequest.AppendAnswer UNTOUCHED =
            new LogRequest.NotWritten(new WalException.Closed("untouched"));

    private final PendingBytes ofAllLogs = new PendingBytes(Long.MAX_VALUE);
    private final CommitQueue queue = new CommitQueue(ofAllLogs);

    CommitQueueTest() {
        ofAllLogs.tryTake(1L << 40); // of other logs, so that what this one gives back is there
    }
    private final TestInbox<LogRequest.AppendAnswer> inbox = TestInbox.create();

    private TestInbox<LogRequest.AppendAnswer> add(Durability durability, int count, int bytes) {
        return add(durability, count, bytes, false);
    }

    private TestInbox<LogRequest.AppendAnswer> add(Durability durability, int count, int bytes,
            boolean atomic) {
        TestInbox<LogRequest.AppendAnswer> own = TestInbox.create();
        queue.add(new LogRequest.Append(LogWorld.payloads(count, bytes), durability, atomic,
                own.getRef()));
        return own;
    }

    private CommitQueue.Group take(long nextId) {
        return queue.take(ROOMY, nextId, GROUP_BYTES_MAX, 100);
    }

    /// The group under way gets to the disk.
    private void complete() {
        queue.written();
        if (queue.underWay().sync()) {
            queue.synced();
        }
        queue.ended();
    }

    private static LogRequest.Acknowledged acknowledged(long first, long last, Durability how) {
        return new LogRequest.Acknowledged(new Appended(first, last, how));
    }

    @Test
    void what_waits_becomes_one_group_and_is_answered_when_it_is_durable() {
        var first = add(Durability.SYNCED, 2, 10);
        var second = add(Durability.SYNCED, 1, 10);
        CommitQueue.Group group = take(5);
        assertThat(group.payloads()).hasSize(3);
        assertThat(group.sync()).isTrue();
        queue.written();
        assertThat(first.hasMessages()).isFalse();
        queue.synced();
        first.expectMessage(acknowledged(5, 6, Durability.SYNCED));
        second.expectMessage(acknowledged(7, 7, Durability.SYNCED));
        assertThat(queue.pendingBytes()).isZero();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void written_is_answered_when_written_and_asks_for_no_sync() {
        var own = add(Durability.WRITTEN, 1, 10);
        assertThat(take(0).sync()).isFalse();
        queue.written();
        own.expectMessage(acknowledged(0, 0, Durability.WRITTEN));
    }

    @Test
    void an_append_larger_than_a_group_is_synced_and_answered_with_its_last_entry() {
        var own = add(Durability.SYNCED, 5, 2000);
        for (long nextId : List.of(0L, 2L)) {
            CommitQueue.Group group = take(nextId);
            assertThat(group.payloads()).hasSize(2);
            assertThat(group.sync()).isFalse();
            complete();
        }
        CommitQueue.Group last = take(4);
        assertThat(last.payloads()).hasSize(1);
        assertThat(last.sync()).isTrue();
        queue.written();
        assertThat(own.hasMessages()).isFalse();
        queue.synced();
        own.expectMessage(acknowledged(0, 4, Durability.SYNCED));
    }

    @Test
    void an_entry_larger_than_a_group_goes_alone() {
        add(Durability.SYNCED, 1, 10);
        add(Durability.SYNCED, 1, 10_000);
        assertThat(take(0).payloads()).hasSize(1);
        complete();
        assertThat(take(1).payloads()).hasSize(1);
    }

    @Test
    void an_atomic_append_goes_into_one_group_whole_however_large() {
        add(Durability.SYNCED, 2, 10);
        add(Durability.SYNCED, 3, 2000, true);
        add(Durability.SYNCED, 1, 10);
        CommitQueue.Group before = take(0);
        assertThat(before.payloads()).hasSize(2);
        assertThat(before.continues().isEmpty()).isTrue();
        complete();
        assertThat(queue.next().entries()).isEqualTo(3);
        CommitQueue.Group whole = queue.take(ROOMY, 2, GROUP_BYTES_MAX, 2);
        assertThat(whole.payloads()).hasSize(3);
        assertThat(whole.continues()).isEqualTo(BitSet.valueOf(new long[] {0b011}));
        complete();
        assertThat(take(5).payloads()).hasSize(1);
    }

    @Test
    void a_refused_group_answers_its_own_appends_only() {
        var inIt = add(Durability.SYNCED, 1, 1000);
        var partly = add(Durability.SYNCED, 9, 1000);
        var behind = add(Durability.SYNCED, 1, 10);
        take(0);
        queue.refuseGroup(STARTED, UNTOUCHED);
        inIt.expectMessage(UNTOUCHED);
        partly.expectMessage(UNTOUCHED);
        assertThat(behind.hasMessages()).isFalse();
        assertThat(take(0).payloads()).hasSize(1);
        complete();
        behind.expectMessage(acknowledged(0, 0, Durability.SYNCED));
    }

    @Test
    void of_an_append_with_an_earlier_group_a_refused_one_leaves_the_outcome_unknown() {
        var own = add(Durability.SYNCED, 5, 1500);
        take(0);
        complete();
        take(2);
        queue.refuseGroup(STARTED, UNTOUCHED);
        own.expectMessage(STARTED);
        assertThat(queue.pendingBytes()).isZero();
    }

    @Test
    void groups_are_answered_in_their_order_and_each_with_its_own() {
        var first = add(Durability.SYNCED, 2, 1500);
        var both = add(Durability.SYNCED, 2, 1500);
        var second = add(Durability.WRITTEN, 1, 10);
        assertThat(take(0).payloads()).hasSize(2);
        assertThat(queue.waitingBytes()).isEqualTo(2 * EntryHeader.entryBytes(1500)
                + EntryHeader.entryBytes(10));
        assertThat(take(queue.unwrittenInGroups()).payloads()).hasSize(3);
        assertThat(queue.waitingBytes()).isZero();
        assertThat(queue.unwrittenEntries()).isEqualTo(5);
        complete();
        first.expectMessage(acknowledged(0, 1, Durability.SYNCED));
        assertThat(both.hasMessages()).isFalse();
        queue.written();
        second.expectMessage(acknowledged(4, 4, Durability.WRITTEN));
        assertThat(both.hasMessages()).isFalse();
        queue.synced();
        both.expectMessage(acknowledged(2, 3, Durability.SYNCED));
        assertThat(queue.unwrittenEntries()).isZero();
    }

    @Test
    void a_group_refused_behind_another_leaves_that_one_alone() {
        var first = add(Durability.SYNCED, 1, 1500);
        var both = add(Durability.SYNCED, 3, 1500);
        var second = add(Durability.SYNCED, 1, 10);
        take(0);
        take(2);
        assertThat(queue.groups()).isEqualTo(2);
        queue.refuseGroup(STARTED, UNTOUCHED);
        both.expectMessage(STARTED);
        second.expectMessage(UNTOUCHED);
        assertThat(first.hasMessages()).isFalse();
        complete();
        first.expectMessage(acknowledged(0, 0, Durability.SYNCED));
        assertThat(queue.pendingBytes()).isZero();
        assertThat(queue.groups()).isZero();
    }

    @Test
    void a_failure_answers_both_groups_and_what_waits_once() {
        var first = add(Durability.SYNCED, 1, 1500);
        var both = add(Durability.SYNCED, 3, 1500);
        var waiting = add(Durability.SYNCED, 2, 1500);
        take(0);
        take(2);
        queue.failAll(STARTED, UNTOUCHED);
        first.expectMessage(STARTED);
        both.expectMessage(STARTED);
        waiting.expectMessage(UNTOUCHED);
        assertThat(queue.groups()).isEqualTo(2);
        complete();
        queue.noneUnderWay();
        for (var answered : List.of(first, both, waiting)) {
            assertThat(answered.hasMessages()).isFalse();
        }
        assertThat(queue.pendingBytes()).isZero();
        assertThat(queue.waitingBytes()).isZero();
        assertThat(queue.unwrittenEntries()).isZero();
    }

    @Test
    void the_first_can_be_refused_alone() {
        queue.add(new LogRequest.Append(LogWorld.payloads(1, 10), Durability.SYNCED,
                inbox.getRef()));
        var second = add(Durability.SYNCED, 1, 20);
        queue.refuseFirst(STARTED, UNTOUCHED);
        inbox.expectMessage(UNTOUCHED);
        assertThat(second.hasMessages()).isFalse();
        assertThat(queue.next().payloadBytes()).isEqualTo(20);
    }

    /// The queue beside a plain account of what each append was told and which ids it got.
    @RepeatedTest(20)
    void every_append_is_answered_once_ids_are_dense_and_groups_keep_their_limits() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("CommitQueueTest: -Dseed=" + seed);
        Random random = new Random(seed);
        List<TestInbox<LogRequest.AppendAnswer>> all = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        long nextId = 0;
        for (int step = 0; step < 400; step++) {
            if (random.nextInt(3) > 0) {
                int count = 1 + random.nextInt(random.nextBoolean() ? 3 : 30);
                all.add(add(Durability.values()[random.nextInt(2)], count, random.nextInt(1500),
                        random.nextInt(4) == 0));
                counts.add(count);
            }
            if (random.nextInt(3) == 0) {
                nextId = goOn(random, nextId);
            }
        }
        while (!queue.isEmpty() || queue.groups() > 0) {
            nextId = goOn(random, nextId);
        }
        queue.failAll(STARTED, UNTOUCHED);
        long expected = 0;
        for (int i = 0; i < all.size(); i++) {
            List<LogRequest.AppendAnswer> answers = all.get(i).getAllReceived();
            assertThat(answers).hasSize(1);
            if (answers.getFirst() instanceof LogRequest.Acknowledged one) {
                assertThat(one.appended().firstId()).isGreaterThanOrEqualTo(expected);
                assertThat(one.appended().lastId())
                        .isEqualTo(one.appended().firstId() + counts.get(i) - 1);
                expected = one.appended().lastId() + 1;
            }
        }
        assertThat(expected).isLessThanOrEqualTo(nextId);
        assertThat(queue.pendingBytes()).isZero();
    }

    /// Takes a group, where there are not two yet, or lets something happen to one of them.
    ///
    /// @return the id of the next entry that is not written
    private long goOn(Random random, long nextId) {
        boolean mayTake = queue.groups() == 0 || queue.groups() == 1 && random.nextBoolean();
        if (mayTake && !queue.isEmpty()) {
            takeGroup(random, nextId + queue.unwrittenInGroups());
            return nextId;
        }
        if (queue.groups() == 0) {
            return nextId;
        }
        int underWay = queue.underWay().payloads().size();
        switch (random.nextInt(12)) {
            case 0 -> {
                queue.refuseGroup(STARTED, UNTOUCHED);
                if (queue.groups() == 0) {
                    return nextId;
                }
                complete();
            }
            case 1 -> {
                queue.failAll(STARTED, UNTOUCHED);
                queue.noneUnderWay();
            }
            default -> complete();
        }
        return nextId + underWay;
    }

    private void takeGroup(Random random, long nextId) {
        long entriesMax = 1 + random.nextInt(20);
        long limit = 500 + random.nextInt(4000);
        int first = queue.next().entries();
        CommitQueue.Group group = queue.take(ROOMY, nextId, limit, entriesMax);
        List<Payload> payloads = group.payloads();
        assertThat(payloads).isNotEmpty();
        assertThat(group.entriesBytes()).isEqualTo(OpenGroup.entriesBytes(payloads));
        assertThat(payloads.size() == first || payloads.size() <= entriesMax).isTrue();
        assertThat(payloads.size() == first
                || OpenGroup.bytesFor(OpenGroup.entriesBytes(payloads)) <= limit).isTrue();
    }

    @Test
    void a_group_ends_where_the_fragment_does() {
        long end = new FragmentGeometry(1 << 20).indexStart(0) - 3 * GroupRecord.BYTES
                - 2 * EntryHeader.entryBytes(100);
        FragmentSpace nearlyFull = new FragmentSpace(ROOMY.geometry(), 0, end, 0);
        add(Durability.SYNCED, 5, 100);
        assertThat(queue.take(nearlyFull, 0, GROUP_BYTES_MAX, 100).payloads()).hasSize(2);
    }
}

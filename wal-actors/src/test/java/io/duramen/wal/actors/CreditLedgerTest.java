package io.duramen.wal.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CreditLedgerTest {
    private final CreditLedger<String> ledger = new CreditLedger<>(300, 3);

    @Test
    void each_producer_may_have_the_same_part_under_way() {
        assertThat(ledger.register("ann")).isTrue();
        assertThat(ledger.spend("ann", 100)).isTrue();
        assertThat(ledger.spend("ann", 1)).isFalse();
        assertThat(ledger.register("bob")).isTrue();
        assertThat(ledger.spend("bob", 101)).isFalse();
        assertThat(ledger.spend("bob", 100)).isTrue();
    }

    @Test
    void what_is_answered_may_be_spent_again() {
        ledger.register("ann");
        ledger.spend("ann", 60);
        ledger.spend("ann", 40);
        assertThat(ledger.giveBack("ann", 60)).isTrue();
        assertThat(ledger.spend("ann", 61)).isFalse();
        assertThat(ledger.spend("ann", 60)).isTrue();
    }

    @Test
    void one_that_has_gone_makes_room_when_all_it_has_spent_is_back() {
        ledger.register("ann");
        ledger.register("bob");
        ledger.register("cid");
        ledger.spend("ann", 10);
        ledger.leave("ann");
        assertThat(ledger.spend("ann", 1)).isFalse();
        assertThat(ledger.register("dee")).isFalse();
        assertThat(ledger.giveBack("ann", 10)).isFalse();
        assertThat(ledger.register("dee")).isTrue();
        ledger.leave("nobody");
    }

    @Test
    void nobody_is_registered_twice_and_strangers_have_no_credit() {
        assertThat(ledger.register("ann")).isTrue();
        assertThat(ledger.register("ann")).isFalse();
        assertThat(ledger.spend("eve", 1)).isFalse();
    }

    @Test
    void a_total_that_leaves_nothing_for_each_is_refused() {
        assertThatThrownBy(() -> new CreditLedger<>(2, 3)).hasMessageContaining("2 bytes for 3");
        assertThatThrownBy(() -> new CreditLedger<>(2, 0)).hasMessageContaining("0 producers");
    }

    @Test
    void whatever_producers_do_the_total_is_never_exceeded_and_comes_back_whole() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("CreditLedgerTest: -Dseed=" + seed);
        Random random = new Random(seed);
        Map<Integer, Long> spent = new HashMap<>();
        CreditLedger<Integer> busy = new CreditLedger<>(1000, 4);
        for (int i = 0; i < 10_000; i++) {
            int who = random.nextInt(8);
            switch (random.nextInt(4)) {
                case 0 -> busy.register(who);
                case 1 -> busy.leave(who);
                case 2 -> {
                    long bytes = random.nextLong(1, 300);
                    if (busy.spend(who, bytes)) {
                        spent.merge(who, bytes, Long::sum);
                    }
                }
                default -> {
                    Long bytes = spent.remove(who);
                    if (bytes != null) {
                        busy.giveBack(who, bytes);
                    }
                }
            }
            assertThat(busy.spentBytes()).isLessThanOrEqualTo(1000)
                    .isEqualTo(spent.values().stream().mapToLong(it -> it).sum());
            assertThat(spent.values()).allMatch(bytes -> bytes <= 250);
        }
        spent.forEach(busy::giveBack);
        for (int who = 0; who < 8; who++) {
            busy.leave(who);
        }
        for (int who = 0; who < 4; who++) {
            assertThat(busy.register(who)).isTrue();
        }
    }
}

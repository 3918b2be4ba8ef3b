package io.duramen.wal.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FragmentNameTest {
    @Test
    void a_fragment_is_named_by_its_first_id_with_twenty_digits() {
        assertThat(FragmentName.fragment(0)).isEqualTo("fragment_00000000000000000000");
        assertThat(FragmentName.fragment(131072)).isEqualTo("fragment_00000000000000131072");
        assertThat(FragmentName.fragment(Long.MAX_VALUE))
                .isEqualTo("fragment_09223372036854775807");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 9, 10, 131072, 1L << 31, 1L << 62, Long.MAX_VALUE})
    void a_name_tells_the_id_it_was_made_from(long id) {
        assertThat(FragmentName.firstId(FragmentName.fragment(id))).hasValue(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fragment_", "fragment_0", "fragment_0000000000000000000",
        "fragment_000000000000000000000", "fragment_09223372036854775808",
        "fragment_18446744073709551615", "fragment_99999999999999999999",
        "fragment_-0000000000000000001", "fragment_+0000000000000000001",
        "fragment_0000000000000000000a", "fragment_0000000000000000000\n",
        "fragment_00000000000000000000\n", "fragment_00000000000000000000\0",
        "fragment_00000000000000000000 ", " fragment_00000000000000000000",
        "fragment_00000000000000000000.bak", "fragment_00000000000000000000~",
        "Fragment_00000000000000000000", "FRAGMENT_00000000000000000000",
        "fragment-00000000000000000000", "xfragment_00000000000000000000",
        "dir/fragment_00000000000000000000", "../fragment_00000000000000000000",
        "LOCK", "standby_0", "torn_00000000000000000000_4096_1"})
    void every_other_name_is_none_of_a_fragment(String name) {
        assertThat(FragmentName.firstId(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(chars = {'\u0660', '\u0966', '\uff10'})
    void digits_of_other_scripts_name_no_fragment(char zero) {
        String digits = String.valueOf(zero).repeat(20);
        assertThat(FragmentName.firstId("fragment_" + digits)).isEmpty();
        assertThat(FragmentName.isStandby("standby_" + zero)).isFalse();
    }

    @Test
    void a_standby_is_named_by_a_number() {
        assertThat(FragmentName.standby(7)).isEqualTo("standby_7");
        assertThat(FragmentName.isStandby(FragmentName.standby(0))).isTrue();
        assertThat(FragmentName.isStandby(FragmentName.standby(Long.MAX_VALUE))).isTrue();
    }

    /// Recovery deletes standbys: what is not surely one must not be taken for one.
    @ParameterizedTest
    @ValueSource(strings = {"standby_", "standby_x", "standby_1.bak", "standby_1 ", "standby_1\n",
        "standby_-1", "standby_12345678901234567890", "my_standby_1", "Standby_1", "standby1",
        "fragment_00000000000000000000"})
    void every_other_name_is_none_of_a_standby(String name) {
        assertThat(FragmentName.isStandby(name)).isFalse();
    }

    @Test
    void a_torn_tail_is_named_by_fragment_offset_and_time() {
        String name = FragmentName.torn(131072, 4144, 1_767_225_600_000_000_000L);
        assertThat(name).isEqualTo("torn_00000000000000131072_4144_1767225600000000000");
        assertThat(FragmentName.isTorn(name)).isTrue();
        assertThat(FragmentName.tornOffset(name, 131072)).hasValue(4144);
        assertThat(FragmentName.tornOffset(name, 0)).isEmpty();
        assertThat(FragmentName.tornOffset(name + ".bak", 131072)).isEmpty();
        assertThat(FragmentName.firstId(name)).isEmpty();
        assertThat(FragmentName.isStandby(name)).isFalse();
    }

    /// In some locales `%d` prints digits other than 0 to 9.
    @ParameterizedTest
    @ValueSource(strings = {"ar-EG", "fa-IR", "hi-IN-u-nu-deva", "th-TH-u-nu-thai"})
    void names_do_not_depend_on_the_locale(String language) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(language));
        try {
            assertThat(FragmentName.fragment(42)).isEqualTo("fragment_00000000000000000042");
            assertThat(FragmentName.standby(42)).isEqualTo("standby_42");
            assertThat(FragmentName.torn(42, 4096, 1))
                    .isEqualTo("torn_00000000000000000042_4096_1");
        } finally {
            Locale.setDefault(before);
        }
    }
}

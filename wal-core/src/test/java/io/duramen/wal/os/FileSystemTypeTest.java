package io.duramen.wal.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSystemTypeTest {
    @ParameterizedTest
    @CsvSource({"0xef53, ext4, false", "0x58465342, xfs, false", "0x9123683e, btrfs, false",
        "0x1021994, tmpfs, false", "0x794c7630, overlay, false", "0x65735546, fuse, false",
        "0x6969, nfs, true", "0xff534d42, cifs, true", "0xfe534d42, smb2, true"})
    void numbers_stand_for_names(String magic, String name, boolean isNetwork) {
        FileSystemType type = FileSystemType.ofMagic(Long.decode(magic));
        assertThat(type.name()).isEqualTo(name);
        assertThat(type.isNetwork()).isEqualTo(isNetwork);
    }

    @Test
    void an_unknown_number_stands_for_itself() {
        assertThat(FileSystemType.ofMagic(0xabcdef).name()).isEqualTo("0xabcdef");
    }
}

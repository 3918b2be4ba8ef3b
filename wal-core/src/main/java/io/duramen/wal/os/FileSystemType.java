package io.duramen.wal.os;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.MemoryLayout.structLayout;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.Set;

/// Which file system an open file or directory is on, by the magic number of fstatfs(2).
///
/// @param magic the number
/// @param name as mount(8) has it, or the number in hexadecimal where it is not known here
/// @param isNetwork whether other machines share it, so that locks and syncs are theirs to keep
public record FileSystemType(long magic, String name, boolean isNetwork) {
    // struct statfs of 64-bit Linux, asm-generic/statfs.h; the rest is not read
    private static final StructLayout LAYOUT =
            structLayout(JAVA_LONG.withName("f_type"), paddingLayout(112));
    private static final VarHandle TYPE = LAYOUT.varHandle(groupElement("f_type"));

    // linux/magic.h and fs/*/; the three ext file systems share a number
    private static final Map<Long, String> NAMES = Map.ofEntries(Map.entry(0xef53L, "ext4"),
            Map.entry(0x58465342L, "xfs"), Map.entry(0x9123683eL, "btrfs"),
            Map.entry(0x2fc12fc1L, "zfs"), Map.entry(0xf2f52010L, "f2fs"),
            Map.entry(0xca451a4eL, "bcachefs"), Map.entry(0x01021994L, "tmpfs"),
            Map.entry(0x858458f6L, "ramfs"), Map.entry(0x794c7630L, "overlay"),
            Map.entry(0x65735546L, "fuse"), Map.entry(0x4d44L, "vfat"),
            Map.entry(0x2011bab0L, "exfat"), Map.entry(0x73717368L, "squashfs"),
            Map.entry(0x9fa0L, "proc"), Map.entry(0x62656572L, "sysfs"),
            Map.entry(0x01021997L, "9p"), Map.entry(0x6969L, "nfs"),
            Map.entry(0x517bL, "smb"), Map.entry(0xff534d42L, "cifs"),
            Map.entry(0xfe534d42L, "smb2"), Map.entry(0x00c36400L, "ceph"),
            Map.entry(0x5346414fL, "afs"), Map.entry(0x7461636fL, "ocfs2"),
            Map.entry(0x01161970L, "gfs2"), Map.entry(0x0bd00bd0L, "lustre"),
            Map.entry(0x47504653L, "gpfs"));
    private static final Set<String> ON_THE_NETWORK = Set.of("9p", "nfs", "smb", "cifs", "smb2",
            "ceph", "afs", "ocfs2", "gfs2", "lustre", "gpfs");

    public static FileSystemType of(Descriptor descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(LAYOUT);
            descriptor.call("fstatfs", fd -> SpaceCalls.fstatfs(fd, status));
            return ofMagic((long) TYPE.get(status, 0L) & 0xffffffffL);
        }
    }

    static FileSystemType ofMagic(long magic) {
        String name = NAMES.get(magic);
        return name == null ? new FileSystemType(magic, "0x" + Long.toHexString(magic), false)
                : new FileSystemType(magic, name, ON_THE_NETWORK.contains(name));
    }
}

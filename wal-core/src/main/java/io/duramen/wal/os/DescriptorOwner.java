package io.duramen.wal.os;

/// A file with a descriptor behind it: what a driver that goes past blocking calls asks for.
public interface DescriptorOwner extends OpenFileOwner {
    Descriptor descriptor();

    @Override
    default OpenFile openFile() {
        return descriptor();
    }
}

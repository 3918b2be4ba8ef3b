package io.duramen.wal.actors;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/// Runs a suite with each I/O mode and each driver; its constructor gets the two.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass
@CsvSource({
    "AUTO, POSIX", "BUFFERED, POSIX", "DIRECT, POSIX", "MAPPED, POSIX",
    "BUFFERED, IO_URING", "DIRECT, IO_URING", "MAPPED, IO_URING"})
@interface EachWayToTheDisk {}

/// What logs do, as meters of [Micrometer](https://micrometer.io). The library is an optional
/// dependency: who uses this package brings it.
package io.duramen.wal.actors.micrometer;

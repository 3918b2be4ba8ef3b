/// What every package of the log shares: its errors.
package io.duramen.wal;

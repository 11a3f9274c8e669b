package history_test

import "testing"

// Benchmarks of a start: what is done before serving, which does not depend on the length of the
// log, and what is done beside it, for each message.

func BenchmarkOpen(b *testing.B) {
	folder := b.TempDir()
	_, s := stream(b, messages(2000))
	known(b, folder, s, 2000)
	for b.Loop() {
		open(b, folder, s).Close()
	}
}

func BenchmarkCompare(b *testing.B) {
	const count = 5000
	folder := b.TempDir()
	_, s := stream(b, messages(count))
	known(b, folder, s, count)
	h := open(b, folder, s)
	b.ResetTimer()
	for n := 0; n < b.N; n += count {
		if err := h.Compare(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

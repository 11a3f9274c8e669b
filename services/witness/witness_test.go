package witness_test

import (
	"encoding/binary"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/stafett/stafett/pkg/verify"
	"github.com/stafett/stafett/pkg/verify/verifytest"
	"github.com/stafett/stafett/services/internal/witnesses"
	"github.com/stafett/stafett/services/witness"
)

var (
	logKey   = verifytest.Log("stafett.test/history", 1)
	otherKey = verifytest.Log("stafett.test/history", 2)
	unknown  = verifytest.Log("stafett.test/unknown", 3)
	cosigner = verifytest.Witness("witness.test/w1", 4)
)

func open(t testing.TB, path string) *witness.Witness {
	t.Helper()
	w, err := witness.Open(path, cosigner, []verify.Log{logKey.Log}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

// log is a log in memory, as tlog keeps it.
type log struct {
	leaves []uint64
	size   int64
	hashes stored
}

type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) (found []tlog.Hash, err error) {
	for _, i := range indexes {
		found = append(found, s[i])
	}
	return found, nil
}

func logOf(leaves []uint64) log { return log{}.next(leaves) }

// next is a log of other leaves. Where the two begin alike, nothing is worked out
// again.
func (before log) next(leaves []uint64) (l log) {
	same := 0
	for same < min(len(leaves), len(before.leaves)) && leaves[same] == before.leaves[same] {
		same++
	}
	l = log{leaves, int64(same), slices.Clip(before.hashes[:tlog.StoredHashCount(int64(same))])}
	for _, leaf := range leaves[same:] {
		l.hashes = append(l.hashes, verifytest.Must(tlog.StoredHashes(l.size, binary.BigEndian.AppendUint64(nil, leaf), l.hashes))...)
		l.size++
	}
	return l
}

func counted(n uint64) (leaves []uint64) {
	for i := range n {
		leaves = append(leaves, i)
	}
	return leaves
}

// request asks for a cosignature of a size, as continuing an older one.
func (l log) request(older, size int64, key verify.LogSigner) string {
	return l.requestWith("", older, size, key)
}

// requestWith has extension lines in its checkpoint.
func (l log) requestWith(extensions string, older, size int64, key verify.LogSigner) string {
	c := verify.Checkpoint{Origin: key.Name(), Size: size, Root: verifytest.Must(tlog.TreeHash(size, l.hashes)), Extensions: extensions}
	body := fmt.Sprintf("old %d\n", older)
	if 0 < older && older < size {
		for _, hash := range verifytest.Must(tlog.ProveTree(size, older, l.hashes)) {
			body += hash.String() + "\n"
		}
	}
	return body + "\n" + string(verifytest.Must(note.Sign(&note.Note{Text: c.Text()}, key)))
}

func post(w *witness.Witness, body string) *httptest.ResponseRecorder {
	answer := httptest.NewRecorder()
	w.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/add-checkpoint", strings.NewReader(body)))
	return answer
}

func TestAWitnessCosignsWhatContinues(t *testing.T) {
	path := filepath.Join(t.TempDir(), "witness.db")
	w, l := open(t, path), logOf(counted(1000))
	for older, size := int64(0), int64(1); size <= 1000; older, size = size, size*3 {
		body := l.request(older, size, logKey)
		answer := post(w, body)
		if answer.Code != http.StatusOK {
			t.Fatalf("%d after %d: %d %s", size, older, answer.Code, answer.Body)
		}
		_, signed, _ := strings.Cut(body, "\n\n")
		if _, err := note.Open([]byte(signed+answer.Body.String()), note.VerifierList(verifytest.Must(verify.ParseWitness(w.VKey())))); err != nil {
			t.Errorf("the cosignature does not verify: %v", err)
		}
		// It is on disk before it is answered: a witness that is opened on a copy of the
		// file, as after a crash, knows it.
		w.Close()
		w = open(t, path)
		if again := post(w, l.request(older, size, logKey)); again.Code != http.StatusConflict || again.Body.String() != fmt.Sprintln(size) {
			t.Errorf("after a restart it answers %d %q, want a conflict with %d", again.Code, again.Body, size)
		}
	}
}

// C2SP lets a log add lines to its checkpoints; a cosignature covers them.
func TestAWitnessCosignsExtensionLines(t *testing.T) {
	w, l := open(t, filepath.Join(t.TempDir(), "witness.db")), logOf(counted(20))
	for older, size := int64(0), int64(10); size <= 20; older, size = size, size+10 {
		body := l.requestWith("from somebody else\n", older, size, logKey)
		answer := post(w, body)
		_, signed, _ := strings.Cut(body, "\n\n")
		opened, err := note.Open([]byte(signed+answer.Body.String()), note.VerifierList(verifytest.Must(verify.ParseWitness(w.VKey()))))
		if err != nil || !strings.HasSuffix(opened.Text, "\nfrom somebody else\n") {
			t.Errorf("%d is answered with %d %q: %v", size, answer.Code, answer.Body, err)
		}
	}
}

func TestAWitnessRefuses(t *testing.T) {
	w, l := open(t, filepath.Join(t.TempDir(), "witness.db")), logOf(counted(200))
	forked := logOf(append(counted(50), 7, 8, 9))
	if answer := post(w, l.request(0, 100, logKey)); answer.Code != http.StatusOK {
		t.Fatal(answer)
	}
	for name, refused := range map[string]struct {
		body   string
		status int
	}{
		"nothing":                       {"", 400},
		"no old size":                   {"\n\nx", 400},
		"an old size with a zero":       {strings.Replace(l.request(100, 200, logKey), "old 100", "old 0100", 1), 400},
		"a proof of nonsense":           {"old 100\nx\n\n" + "x", 400},
		"64 hashes":                     {"old 100\n" + strings.Repeat(l.hashes[0].String()+"\n", 64) + "\nx", 400},
		"no checkpoint":                 {"old 100\n\nx", 400},
		"an old size after its own":     {l.request(150, 100, logKey), 400},
		"a log that it does not know":   {l.request(0, 100, unknown), 404},
		"a key that is not the log's":   {l.request(100, 200, otherKey), 403},
		"another size than it cosigned": {l.request(50, 200, logKey), 409},
		"an older size":                 {l.request(50, 60, logKey), 409},
		"another root at its size":      {logOf(append(counted(99), 7)).request(100, 100, logKey), 409},
		"a fork":                        {logOf(append(counted(99), 7, 8, 9)).request(100, 102, logKey), 422},
		"a proof left out":              {strings.Replace(l.request(0, 200, logKey), "old 0", "old 100", 1), 422},
		"a proof that is not needed":    {strings.Replace(l.request(100, 100, logKey), "old 100\n", "old 100\n"+l.hashes[0].String()+"\n", 1), 422},
		"a fork that is shorter":        {forked.request(50, 53, logKey), 409},
	} {
		if answer := post(w, refused.body); answer.Code != refused.status {
			t.Errorf("%s: it answers %d %s, want %d", name, answer.Code, answer.Body, refused.status)
		}
	}
	if answer := post(w, l.request(100, 200, logKey)); answer.Code != http.StatusOK {
		t.Errorf("after all that it answers %d %s", answer.Code, answer.Body)
	}
}

// TestAnOperatorWithTheLogsKeyGetsNoCosignature: a witness has cosigned a
// thousand commits. Whatever is then done at whatever position, and signed with
// the log's real key, it does not cosign, neither as it is nor with more after it.
func TestAnOperatorWithTheLogsKeyGetsNoCosignature(t *testing.T) {
	t.Parallel()
	const size = 1000
	w, honest := open(t, filepath.Join(t.TempDir(), "witness.db")), counted(size)
	whole := logOf(honest)
	if answer := post(w, whole.request(0, size, logKey)); answer.Code != http.StatusOK {
		t.Fatal(answer)
	}
	for name, attack := range map[string]func(at int) []uint64{
		"change":   func(at int) []uint64 { return slices.Replace(slices.Clone(honest), at, at+1, 1<<40) },
		"drop":     func(at int) []uint64 { return slices.Delete(slices.Clone(honest), at, at+1) },
		"insert":   func(at int) []uint64 { return slices.Insert(slices.Clone(honest), at, 1<<40) },
		"swap":     func(at int) []uint64 { return swapped(honest, at) },
		"truncate": func(at int) []uint64 { return slices.Clone(honest[:at]) },
	} {
		for at := range size {
			forged := attack(at)
			for _, longer := range [][]uint64{forged, append(slices.Clone(forged), 1<<50, 1<<51)} {
				l := whole.next(longer)
				for _, older := range []int64{size, min(size, l.size), 0} {
					if answer := post(w, l.request(older, l.size, logKey)); answer.Code == http.StatusOK {
						t.Errorf("%s at position %d is cosigned", name, at+1)
					}
				}
			}
		}
	}
}

func swapped(all []uint64, at int) []uint64 {
	other, after := slices.Clone(all), (at+1)%len(all)
	other[at], other[after] = other[after], other[at]
	return other
}

// TestTwoSubmissionsAtOnce: whatever two that fork from each other do at the same
// moment, only one is cosigned.
func TestTwoSubmissionsAtOnce(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "witness.db"))
	answers := make(chan int)
	for fork := range uint64(8) {
		body := logOf([]uint64{fork}).request(0, 1, logKey)
		go func() { answers <- post(w, body).Code }()
	}
	cosigned := 0
	for range 8 {
		if <-answers == http.StatusOK {
			cosigned++
		}
	}
	if cosigned != 1 {
		t.Errorf("%d forks are cosigned, want 1", cosigned)
	}
}

// TestAWitnessShowsWhatItCosigned, as the log signed it, of the logs that it knows.
func TestAWitnessShowsWhatItCosigned(t *testing.T) {
	w, l := open(t, filepath.Join(t.TempDir(), "witness.db")), logOf(counted(100))
	get := func(origin string) (int, string) {
		answer := httptest.NewRecorder()
		w.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, witnesses.NewestPath(origin), nil))
		return answer.Code, answer.Body.String()
	}
	if code, text := get(logKey.Name()); code != http.StatusNotFound {
		t.Errorf("before the first it answers %d %s", code, text)
	}
	body := l.request(0, 60, logKey)
	post(w, body)
	if code, text := get(logKey.Name()); code != http.StatusOK || !strings.HasSuffix(body, "\n\n"+text) {
		t.Errorf("it answers %d %s", code, text)
	}
	if code, _ := get(unknown.Name()); code != http.StatusNotFound {
		t.Errorf("of a log that it does not know it answers %d", code)
	}
}

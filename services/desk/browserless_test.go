package desk_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// visitor is a browser without scripts.
type visitor struct {
	t      *testing.T
	at     string
	client http.Client
	secret string
}

func visit(t *testing.T, at string) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, at: at, client: http.Client{Jar: jar}}
}

func (v *visitor) send(method, path string, form url.Values, change func(*http.Request)) (int, string) {
	v.t.Helper()
	r := v.request(path, form)
	r.Method = method
	if change != nil {
		change(r)
	}
	answer, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// request is a form that is sent.
func (v *visitor) request(path string, form url.Values) *http.Request {
	v.t.Helper()
	r, err := http.NewRequest("POST", v.at+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Language", "en")
	if v.secret != "" {
		r.Header.Set("Authorization", "Bearer "+v.secret)
	}
	return r
}

func (v *visitor) get(path string) string {
	v.t.Helper()
	_, text := v.send("GET", path, nil, nil)
	return text
}

func (v *visitor) post(path string, fields ...string) (int, string) {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return v.send("POST", path, form, nil)
}

// wants waits until a page has a text.
func (v *visitor) wants(path, text string) string {
	v.t.Helper()
	return eventually(v.t, text, func() (string, bool) {
		shown := v.get(path)
		return shown, strings.Contains(shown, text)
	})
}

var personForm, rowForm = regexp.MustCompile(`name="person" value="([a-z]+)"`), regexp.MustCompile(`/\?c=([0-9a-f]{6})`)

func (v *visitor) signsIn() {
	v.t.Helper()
	v.post("/signin", "person", personForm.FindStringSubmatch(v.get("/"))[1])
	v.post("/shift", "on", "yes")
}

// talking is a child and a counsellor of a line in one conversation, and the counsellor's page of it.
func talking(t *testing.T, at string) (child, counsellor *visitor, short string) {
	t.Helper()
	child, counsellor = visit(t, at), visit(t, at)
	counsellor.signsIn()
	child.secret = strings.Repeat("secret", 4)
	if code, text := child.post("/chat/open", "language", "en", "age", "13-15"); code != http.StatusOK {
		t.Fatalf("the chat did not open: %d %s", code, text)
	}
	short = rowForm.FindStringSubmatch(counsellor.wants("/", "The child is here"))[1]
	counsellor.post("/do/take", "id", uuid.NewString(), "c", short)
	counsellor.wants("/?c="+short, "Write to the child")
	return child, counsellor, short
}

func TestTheDeskWithoutScriptsAndWithBadInput(t *testing.T) {
	_, at := evening(t, "alarmtelefonen")
	child, counsellor, short := talking(t, at["alarmtelefonen"])

	t.Run("a form that is sent twice counts once", func(t *testing.T) {
		id := uuid.NewString()
		for range 2 {
			counsellor.post("/do/say", "id", id, "c", short, "text", "only once")
		}
		if n := strings.Count(child.wants("/chat/view", "only once"), "only once"); n != 1 {
			t.Errorf("the child sees it %d times", n)
		}
	})
	t.Run("an edited text under the id of a form is another message", func(t *testing.T) {
		id := uuid.NewString()
		counsellor.post("/do/say", "id", id, "c", short, "text", "before editing")
		counsellor.post("/do/say", "id", id, "c", short, "text", "after editing")
		if shown := child.wants("/chat/view", "after editing"); !strings.Contains(shown, "before editing") {
			t.Error("the first text is gone")
		}
	})
	t.Run("nobody writes where nobody reads", func(t *testing.T) {
		code, text := counsellor.post("/do/beside", "id", uuid.NewString(), "c", short, "text", "to no colleague")
		if code != http.StatusUnprocessableEntity || !strings.Contains(text, "You cannot write there now") {
			t.Errorf("beside a conversation without another line: %d", code)
		}
	})
	t.Run("what people write is text", func(t *testing.T) {
		counsellor.post("/do/say", "id", uuid.NewString(), "c", short, "text", "<script>alert(1)</script>\x07 \u202eabc")
		shown := child.wants("/chat/view", "&lt;script&gt;alert(1)&lt;/script&gt;")
		if strings.Contains(shown, "<script>alert") || strings.Contains(shown, "\x07") {
			t.Error("the page has a script or a control character that somebody wrote")
		}
	})
	t.Run("bad input is named and changes nothing", func(t *testing.T) {
		for _, bad := range [][3]string{
			{"say", strings.Repeat("x", 4001), "The text is too long"}, {"say", " ", "Write something first"}, {"fly", "x", "Check the fields"},
		} {
			code, text := counsellor.post("/do/"+bad[0], "id", uuid.NewString(), "c", short, "text", bad[1])
			if code != http.StatusUnprocessableEntity || !strings.Contains(text, bad[2]) {
				t.Errorf("%s: %d, without %q", bad[0], code, bad[2])
			}
		}
		if code, text := counsellor.post("/do/say", "id", "not an id", "c", short, "text", "x"); code != http.StatusUnprocessableEntity || !strings.Contains(text, "Check the fields") {
			t.Errorf("a bad id: %d", code)
		}
		if code, _ := counsellor.post("/do/risk", "id", uuid.NewString(), "c", short, "risk", "99"); code != http.StatusUnprocessableEntity {
			t.Errorf("a risk that does not exist: %d", code)
		}
		if code, _ := counsellor.post("/do/say", "id", uuid.NewString(), "c", short, "text", strings.Repeat("line\n", 1_000_000)); code != http.StatusUnprocessableEntity {
			t.Errorf("a million lines: %d", code)
		}
	})
	t.Run("strangers see and do nothing", func(t *testing.T) {
		stranger := visit(t, at["alarmtelefonen"])
		if shown := stranger.get("/?c=" + short); strings.Contains(shown, "only once") {
			t.Error("somebody who is not signed in reads a conversation")
		}
		if code, _ := stranger.post("/do/say", "id", uuid.NewString(), "c", short, "text", "x"); code != http.StatusUnauthorized {
			t.Errorf("somebody who is not signed in writes: %d", code)
		}
		stranger.secret = strings.Repeat("guess", 5)
		if code, _ := stranger.post("/chat/say", "id", uuid.NewString(), "text", "x"); code != http.StatusNotFound {
			t.Errorf("another secret writes: %d", code)
		}
	})
	t.Run("no other site can use a session", func(t *testing.T) {
		form := url.Values{"id": {uuid.NewString()}, "c": {short}, "text": {"from elsewhere"}}
		code, _ := counsellor.send("POST", "/do/say", form, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") })
		if code != http.StatusForbidden {
			t.Errorf("a form of another site: %d", code)
		}
		code, _ = counsellor.send("GET", "/", nil, func(r *http.Request) { r.Host = "rebound.example.org" })
		if code != http.StatusMisdirectedRequest {
			t.Errorf("another name for this address: %d", code)
		}
	})
	t.Run("a child's page leaves no traces", func(t *testing.T) {
		answer, err := http.Get(at["alarmtelefonen"] + "/chat")
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		for header, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "Set-Cookie": ""} {
			if got := answer.Header.Get(header); got != want {
				t.Errorf("%s is %q, not %q", header, got, want)
			}
		}
		if policy := answer.Header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
			t.Errorf("the content security policy is %q", policy)
		}
	})
}

// TestARestartedDeskGoesOn with what it had acknowledged, for the child and for the line.
func TestARestartedDeskGoesOn(t *testing.T) {
	w, _ := evening(t)
	data := t.TempDir()
	at, stop := runOn(t, w, "alarmtelefonen", data, "127.0.0.1:0")
	child, counsellor, short := talking(t, at)
	if code, text := child.post("/chat/say", "id", uuid.NewString(), "text", "still here"); code != http.StatusOK {
		t.Fatalf("not acknowledged: %d %s", code, text)
	}
	stop()
	at, _ = runOn(t, w, "alarmtelefonen", data, "127.0.0.1:0")
	child.at, counsellor.at = at, at
	child.wants("/chat/view", "still here")
	counsellor.wants("/?c="+short, "still here")
	counsellor.wants("/?c="+short, "is responsible for the child")
}

package rules

// Failed has a bit for each verdict, by its number.
type Failed uint32

// Held has a bit for each preference, by its place in the file.
type Held uint32

// Outcome is which rules a line fails, and which preferences hold for it.
type Outcome struct {
	Failed Failed
	Held   Held
}

// part is some of the expressions, and which variables are in any of them.
type part struct {
	uses        Input
	rules       []rule
	preferences []preference
	places      []int // of the preferences in the file
}

// seatVariables are other for nearly every line.
var seatVariables = every(SeatsKnown, Free, FreeTenths, Queue)

func (r *Rules) divide() {
	of := func(e expression) *part {
		to := &r.static
		if e.uses&seatVariables != 0 {
			to = &r.live
		}
		to.uses |= e.uses
		return to
	}
	for _, rule := range r.rules {
		to := of(rule.expression)
		to.rules = append(to.rules, rule)
	}
	for i, preference := range r.preferences {
		to := of(preference.expression)
		to.preferences, to.places = append(to.preferences, preference), append(to.places, i)
	}
}

func (p *part) judge(in *activation) (out Outcome) {
	for _, rule := range p.rules {
		if !rule.holds(in) {
			out.Failed |= 1 << rule.verdict
		}
	}
	for i, preference := range p.preferences {
		if preference.holds(in) {
			out.Held |= 1 << p.places[i]
		}
	}
	return out
}

// Judge applies rules to one input after the other, and remembers what came of each. It
// is for one goroutine at a time.
type Judge struct {
	rules        *Rules
	static, live map[Input]Outcome
	asked        activation
}

// maxRemembered bounds what a judge remembers of each part: a megabyte or so.
const maxRemembered = 1 << 15

// idleJudges is how many wait for the next decision, with what they remember.
const idleJudges = 4

// Judge is one that may remember inputs from before. Who is done with it gives it back
// with [Judge.Done].
func (r *Rules) Judge() *Judge {
	select {
	case judge := <-r.judges:
		return judge
	default:
		return &Judge{rules: r, static: map[Input]Outcome{}, live: map[Input]Outcome{}}
	}
}

// Done gives it back. It must not be used any more.
func (j *Judge) Done() {
	select {
	case j.rules.judges <- j:
	default:
	}
}

// Of is what comes of an input.
func (j *Judge) Of(in Input) Outcome {
	static, live := j.part(&j.rules.static, j.static, in), j.part(&j.rules.live, j.live, in)
	return Outcome{static.Failed | live.Failed, static.Held | live.Held}
}

func (j *Judge) part(p *part, remembered map[Input]Outcome, in Input) Outcome {
	in &= p.uses
	out, known := remembered[in]
	if known {
		return out
	}
	if len(remembered) >= maxRemembered {
		clear(remembered)
	}
	j.asked.input = in
	out = p.judge(&j.asked)
	remembered[in] = out
	return out
}

package picture

import (
	"math"
	"time"
)

const (
	// toScale is the longest wait drawn roughly to scale; longer ones are shortened.
	toScale = 30 * time.Second
	// marked is the shortest wait for which the axis has a break.
	marked = 5 * time.Minute
)

// axis maps instants to positions in a picture. It shortens waits, so that the hour until
// the outcome leaves room for the minute of the handover.
type axis struct {
	instants []time.Time
	at       []float64
	breaks   []float64
}

// newAxis lays instants out from left to right.
func newAxis(instants []time.Time, left, width float64) *axis {
	a := &axis{instants: instants, at: make([]float64, len(instants))}
	for i := 1; i < len(instants); i++ {
		a.at[i] = a.at[i-1] + shortened(instants[i].Sub(instants[i-1]))
	}
	whole := max(a.at[len(a.at)-1], 1e-9)
	for i := range a.at {
		a.at[i] = left + width*a.at[i]/whole
		if i > 0 && instants[i].Sub(instants[i-1]) > marked {
			a.breaks = append(a.breaks, (a.at[i-1]+a.at[i])/2)
		}
	}
	return a
}

func shortened(wait time.Duration) float64 {
	return math.Log1p(max(wait.Seconds(), 0) / toScale.Seconds())
}

// x returns the position of an instant, interpolated between the known ones.
func (a *axis) x(at time.Time) float64 {
	for i, instant := range a.instants {
		if at.Equal(instant) || i == 0 && at.Before(instant) {
			return a.at[i]
		}
		if at.Before(instant) {
			part := at.Sub(a.instants[i-1]).Seconds() / instant.Sub(a.instants[i-1]).Seconds()
			return a.at[i-1] + part*(a.at[i]-a.at[i-1])
		}
	}
	return a.at[len(a.at)-1]
}

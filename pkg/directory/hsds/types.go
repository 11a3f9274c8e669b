package hsds

import "encoding/json"

// The types have the names and fields of HSDS 3, limited to what a line fills and what would
// make a line wrong if it were overlooked.

type service struct {
	ID            string       `json:"id"`
	Name          string       `json:"name"`
	AlternateName string       `json:"alternate_name,omitempty"`
	Description   string       `json:"description,omitempty"`
	Status        string       `json:"status"`
	MinimumAge    *float64     `json:"minimum_age,omitempty"`
	MaximumAge    *float64     `json:"maximum_age,omitempty"`
	AssuredDate   string       `json:"assured_date,omitempty"`
	Alert         string       `json:"alert,omitempty"`
	Organization  organization `json:"organization"`
	Phones        []phone      `json:"phones,omitempty"`
	Schedules     []schedule   `json:"schedules,omitempty"`
	ServiceAreas  []area       `json:"service_areas,omitempty"`
	Languages     []language   `json:"languages,omitempty"`
	Attributes    []attribute  `json:"attributes,omitempty"`
}

type organization struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

type phone struct {
	ID          string `json:"id"`
	Number      string `json:"number"`
	Type        string `json:"type"`
	Description string `json:"description,omitempty"`
	// Extension is only read.
	Extension json.RawMessage `json:"extension,omitempty"`
}

type schedule struct {
	ID            string `json:"id"`
	ValidFrom     string `json:"valid_from,omitempty"`
	ValidTo       string `json:"valid_to,omitempty"`
	Dtstart       string `json:"dtstart,omitempty"`
	Until         string `json:"until,omitempty"`
	Count         int32  `json:"count,omitempty"`
	Wkst          string `json:"wkst,omitempty"`
	Freq          string `json:"freq,omitempty"`
	Interval      int32  `json:"interval,omitempty"`
	Byday         string `json:"byday,omitempty"`
	Bymonthday    string `json:"bymonthday,omitempty"`
	OpensAt       string `json:"opens_at,omitempty"`
	ClosesAt      string `json:"closes_at,omitempty"`
	AttendingType string `json:"attending_type,omitempty"`
	Description   string `json:"description,omitempty"`
	Notes         string `json:"notes,omitempty"`
	// The rest is only read.
	Byweekno  string          `json:"byweekno,omitempty"`
	Byyearday string          `json:"byyearday,omitempty"`
	Timezone  json.RawMessage `json:"timezone,omitempty"`
}

type area struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Extent     string `json:"extent"`
	ExtentType string `json:"extent_type"`
}

type language struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Code string `json:"code"`
}

type attribute struct {
	ID           string `json:"id"`
	TaxonomyTerm term   `json:"taxonomy_term"`
}

type term struct {
	ID          string `json:"id"`
	Code        string `json:"code"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Taxonomy    string `json:"taxonomy"`
}

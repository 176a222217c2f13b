// Package grafana writes dashboards as Grafana reads them: the JSON of a board with its
// variables, and panels that it places on the grid by itself. It has what our boards
// use, of the schema that the npm package @grafana/schema 13.2.3 publishes.
package grafana

import "slices"

// schemaVersion is the newest of that package; an older board is migrated when loaded.
const schemaVersion = 42

// columns is how wide the grid is.
const columns = 24

// Board is a dashboard. Not safe for concurrent use.
type Board struct {
	// UID is the stable id in links, at most 40 letters, digits, dashes and underscores.
	UID string
	// Title and Description are shown in the list of dashboards.
	Title, Description string
	// Tags find the board in that list.
	Tags []string
	// Links lead from the head of the board to others.
	Links []Link
	// Variables are the choices at the head of the board, in their order.
	Variables []Variable
	// Rows are the sections of the board, from top to bottom.
	Rows []Row
}

// Row is a section of a board under a title.
type Row struct {
	Title  string
	Panels []Panel
}

// Link leads to another board with the same choices and the same time.
type Link struct {
	Title   string `json:"title"`
	Tooltip string `json:"tooltip"`
	URL     string `json:"url"`

	Type        string   `json:"type"`
	Icon        string   `json:"icon"`
	Tags        []string `json:"tags"`
	AsDropdown  bool     `json:"asDropdown"`
	IncludeVars bool     `json:"includeVars"`
	KeepTime    bool     `json:"keepTime"`
	TargetBlank bool     `json:"targetBlank"`
}

// NewLink returns a link to the board with the uid.
func NewLink(uid, title, tooltip string) Link {
	return Link{
		Title: title, Tooltip: tooltip, URL: "/d/" + uid,
		Type: "link", Icon: "dashboard", Tags: []string{}, IncludeVars: true, KeepTime: true,
	}
}

// model is the JSON of a board.
type model struct {
	UID           string     `json:"uid"`
	Title         string     `json:"title"`
	Description   string     `json:"description"`
	Tags          []string   `json:"tags"`
	SchemaVersion int        `json:"schemaVersion"`
	Timezone      string     `json:"timezone"`
	Editable      bool       `json:"editable"`
	GraphTooltip  int        `json:"graphTooltip"`
	Refresh       string     `json:"refresh"`
	Time          timeRange  `json:"time"`
	Links         []Link     `json:"links"`
	Templating    templating `json:"templating"`
	Panels        []any      `json:"panels"`
}

type timeRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

type templating struct {
	List []Variable `json:"list"`
}

// rowPanel is the head of a section; what follows it belongs to it.
type rowPanel struct {
	ID        int     `json:"id"`
	Type      string  `json:"type"`
	Title     string  `json:"title"`
	Collapsed bool    `json:"collapsed"`
	GridPos   gridPos `json:"gridPos"`
	Panels    []any   `json:"panels"`
}

type gridPos struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

// model gives every panel an id and a place. The panels of a row go from left to right,
// and on to the next line where the grid ends:
//
//	widths 12 8 8 24    y=1  ┌────12────┐┌──8──┐
//	heights 8 8 6 7     y=9  ┌──8──┐
//	                    y=15 ┌─────────24─────────┐
func (b Board) model() model {
	out := model{
		UID: b.UID, Title: b.Title, Description: b.Description, Tags: b.Tags,
		SchemaVersion: schemaVersion, Timezone: "browser", Editable: true, GraphTooltip: 1,
		Refresh: "30s", Time: timeRange{"now-1h", "now"}, Links: b.Links,
		Templating: templating{b.Variables},
	}
	y, id := 0, 0
	for _, row := range b.Rows {
		id++
		out.Panels = append(out.Panels, rowPanel{id, "row", row.Title, false, gridPos{1, columns, 0, y}, []any{}})
		y++
		x, tallest := 0, 0
		for _, p := range slices.Clone(row.Panels) {
			id++
			if x+p.GridPos.W > columns {
				x, y, tallest = 0, y+tallest, 0
			}
			p.ID, p.GridPos.X, p.GridPos.Y = id, x, y
			x, tallest = x+p.GridPos.W, max(tallest, p.GridPos.H)
			out.Panels = append(out.Panels, p)
		}
		y += tallest
	}
	return out
}

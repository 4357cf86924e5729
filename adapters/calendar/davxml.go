package calendar

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Names of XML.
const (
	davSpace    = "DAV:"
	caldavSpace = "urn:ietf:params:xml:ns:caldav"
	namespaces  = ` xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"`
)

// multistatus is an answer about several resources, RFC 4918 13.
type multistatus struct {
	XMLName   xml.Name      `xml:"DAV: multistatus"`
	Responses []davResponse `xml:"DAV: response"`
	SyncToken string        `xml:"DAV: sync-token"`
}

// davResponse is what is said of one resource.
type davResponse struct {
	Href     string `xml:"DAV: href"`
	Status   string `xml:"DAV: status"`
	Propstat []struct {
		Status string   `xml:"DAV: status"`
		Prop   davProps `xml:"DAV: prop"`
	} `xml:"DAV: propstat"`
}

// davProps are the properties that are asked for.
type davProps struct {
	ETag string `xml:"DAV: getetag"`
	Data string `xml:"urn:ietf:params:xml:ns:caldav calendar-data"`
	Name string `xml:"DAV: displayname"`
	Type struct {
		Calendar *struct{} `xml:"urn:ietf:params:xml:ns:caldav calendar"`
	} `xml:"DAV: resourcetype"`
	Privileges *struct {
		List []struct {
			All     *struct{} `xml:"DAV: all"`
			Write   *struct{} `xml:"DAV: write"`
			Content *struct{} `xml:"DAV: write-content"`
			Bind    *struct{} `xml:"DAV: bind"`
		} `xml:"DAV: privilege"`
	} `xml:"DAV: current-user-privilege-set"`
	SyncToken string  `xml:"DAV: sync-token"`
	CTag      string  `xml:"http://calendarserver.org/ns/ getctag"`
	Inbox     davHref `xml:"urn:ietf:params:xml:ns:caldav schedule-inbox-URL"`
	Default   davHref `xml:"urn:ietf:params:xml:ns:caldav schedule-default-calendar-URL"`
}

type davHref struct {
	Href string `xml:"DAV: href"`
}

// props are the properties that the server has; gone says that it has not the resource.
func (r *davResponse) props() (p davProps, gone bool) {
	if s := davStatus(r.Status); s == http.StatusNotFound || s == http.StatusGone {
		return p, true
	}
	for i := range r.Propstat {
		if davStatus(r.Propstat[i].Status)/100 == 2 {
			return r.Propstat[i].Prop, false
		}
	}
	return p, false
}

// davStatus reads "HTTP/1.1 404 Not Found".
func davStatus(line string) int {
	if f := strings.Fields(line); len(f) > 1 {
		n, _ := strconv.Atoi(f[1]) // what cannot be read is no success
		return n
	}
	return 0
}

// errXML says that an answer about several resources cannot be read, perhaps for what stands in one of them.
var errXML = errors.New("the server's answer is not the XML of WebDAV")

// report sends PROPFIND or REPORT and reads the answer.
func (d *dav) report(ctx context.Context, method string, at *url.URL, depth, body string) (*multistatus, error) {
	header := http.Header{"Depth": {depth}, "Content-Type": {"application/xml; charset=utf-8"}}
	a, err := d.do(ctx, ask{method, at, header, []byte(xml.Header + body)})
	if err != nil {
		return nil, err
	}
	if a.status != http.StatusMultiStatus {
		return nil, fmt.Errorf("%s %s: %w: status %d", method, at.Path, errXML, a.status)
	}
	m, err := readMultistatus(a.body)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, at.Path, err)
	}
	return m, nil
}

func readMultistatus(body []byte) (*multistatus, error) {
	m := &multistatus{}
	if err := xml.Unmarshal(body, m); err != nil {
		return nil, fmt.Errorf("%w: %w", errXML, err)
	}
	return m, nil
}

// propfind asks for properties of one resource.
func (d *dav) propfind(ctx context.Context, at *url.URL, props string) (davProps, error) {
	m, err := d.report(ctx, "PROPFIND", at, "0", `<propfind`+namespaces+`><prop>`+props+`</prop></propfind>`)
	if err != nil {
		return davProps{}, err
	}
	for i := range m.Responses {
		if p, gone := m.Responses[i].props(); !gone {
			return p, nil
		}
	}
	return davProps{}, &statusError{"PROPFIND", at.Path, http.StatusNotFound, ""}
}

// condition is the name of the first element within DAV's error element.
func condition(body []byte) string {
	dec := xml.NewDecoder(bytes.NewReader(body))
	inside := false
	for {
		token, err := dec.Token()
		if err != nil {
			return ""
		}
		start, ok := token.(xml.StartElement)
		switch {
		case !ok:
		case inside:
			return start.Name.Local
		case start.Name.Space == davSpace && start.Name.Local == "error":
			inside = true
		default:
			return ""
		}
	}
}

// ours refuses an answer with a reference to another host.
func (d *dav) ours(a *answer) error {
	dec := xml.NewDecoder(bytes.NewReader(a.body))
	href := false
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errXML, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			href = token.Name == xml.Name{Space: davSpace, Local: "href"}
		case xml.CharData:
			if !href || len(bytes.TrimSpace(token)) == 0 {
				continue
			}
			if _, err := d.resolve(a.at, string(token)); err != nil {
				return err
			}
		case xml.EndElement:
			href = false
		}
	}
}

// xmlText makes text fit to stand in XML.
func xmlText(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

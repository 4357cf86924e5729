package slackfake

import (
	"net/http"
	"strings"
)

// File is something posted with a message.
type File struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Title     string `json:"title"`
	Mimetype  string `json:"mimetype"`
	Filetype  string `json:"filetype"`
	Size      int    `json:"size"`
	User      string `json:"user"`
	Private   string `json:"url_private"`
	Download  string `json:"url_private_download"`
	Permalink string `json:"permalink"`
	Content   []byte `json:"-"`
}

// keep gives a file its id and addresses; the lock is held.
func (f *Fake) keep(user string, file File) File {
	file.ID, file.User, file.Size = f.id("F"), user, len(file.Content)
	if file.Title == "" {
		file.Title = file.Name
	}
	if file.Mimetype == "" {
		file.Mimetype = "application/octet-stream"
	}
	if i := strings.LastIndexByte(file.Name, '.'); i >= 0 {
		file.Filetype = file.Name[i+1:]
	}
	file.Private = f.base + "/files-pri/" + file.ID
	file.Download = file.Private
	file.Permalink = "https://fake.slack.com/files/" + user + "/" + file.ID + "/" + file.Name
	f.files[file.ID] = file
	return file
}

func (f *Fake) filesInfo(c *call) reply {
	file, ok := f.files[c.args["file"]]
	if !ok {
		return failed("file_not_found")
	}
	return reply{"ok": true, "file": file}
}

// download gives a file's content to who has the app's token.
func (f *Fake) download(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	file, ok := f.files[r.PathValue("id")]
	f.mu.Unlock()
	switch {
	case r.Header.Get("Authorization") != "Bearer "+f.options.BotToken:
		http.Error(w, "sign in", http.StatusFound)
	case !ok:
		http.NotFound(w, r)
	default:
		w.Header().Set("Content-Type", file.Mimetype)
		w.Write(file.Content) // an error here is the client gone
	}
}

-- The tables as the Python backend makes them: both sides may open the same file.

CREATE TABLE IF NOT EXISTS users (
    id VARCHAR NOT NULL PRIMARY KEY,
    name VARCHAR NOT NULL,
    email VARCHAR NOT NULL UNIQUE,
    password_hash VARCHAR NOT NULL,
    role VARCHAR(5) NOT NULL,
    last_active_at INTEGER,
    created_at INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS folders (
    id VARCHAR NOT NULL PRIMARY KEY,
    owner_id VARCHAR NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name VARCHAR NOT NULL
);
CREATE INDEX IF NOT EXISTS ix_folders_owner_id ON folders (owner_id);

CREATE TABLE IF NOT EXISTS notes (
    id VARCHAR NOT NULL PRIMARY KEY,
    owner_id VARCHAR NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    folder_id VARCHAR REFERENCES folders (id),
    title VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    visibility VARCHAR(7) NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS ix_notes_owner_id ON notes (owner_id);

CREATE TABLE IF NOT EXISTS comments (
    id VARCHAR NOT NULL PRIMARY KEY,
    note_id VARCHAR NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    author_id VARCHAR NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    text VARCHAR NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS ix_comments_note_id ON comments (note_id);

CREATE TABLE IF NOT EXISTS audit (
    id INTEGER NOT NULL PRIMARY KEY,
    actor_id VARCHAR(255) NOT NULL,
    action VARCHAR(255) NOT NULL,
    subject_id VARCHAR(255),
    created_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS auditentry_actor_id ON audit (actor_id);

namespace CodeComplete.Engine;

/// <summary>A place in a document, as LSP counts: both from 0, <paramref name="Character"/> in UTF-16 units.</summary>
public readonly record struct Position(int Line, int Character);

/// <summary>From <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
public readonly record struct TextRange(Position Start, Position End);

/// <summary>One change of a document's text. <paramref name="Range"/> is <see langword="null"/> where the text replaces the whole document.</summary>
public readonly record struct DocumentEdit(TextRange? Range, string Text);

public enum FileChangeKind
{
    Created,
    Changed,
    Deleted,
}

/// <summary>A change on disk, as a watcher saw it. <paramref name="Path"/> is absolute.</summary>
public readonly record struct FileChange(string Path, FileChangeKind Kind);

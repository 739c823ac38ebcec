using Mimir.Configuration.Keys;
using Mimir.Configuration.Tree;

namespace Mimir.Configuration.Editing;

/// <summary>Changes lists of names in files, in whichever spelling of their key they are written.</summary>
internal static class ListEdits
{
    /// <summary>The spelling in which a key is written; its best one when it is not.</summary>
    public static string NameOf(JsonFile file, KeySpec spec, params ReadOnlySpan<string> path) =>
        file.Find(path)?.Parts.Find(p => spec.Matches(p.Name))?.Name ?? spec.Name;

    /// <summary>What a list holds; nothing when it is not written.</summary>
    public static IReadOnlyList<string> Texts(JsonFile file, string[] path, KeySpec spec) =>
        file.Find([.. path, NameOf(file, spec, path)]) is { Kind: ConfigKind.Array } list ? [.. list.Parts.Select(p => p.Text)] : [];

    /// <summary>Adds a text unless it is there; makes the list when it is not written.</summary>
    public static void Add(JsonFile file, string[] path, KeySpec spec, string text)
    {
        string[] key = [.. path, NameOf(file, spec, path)];
        if (file.Find(key) is not { Kind: ConfigKind.Array } list)
        {
            file.Set(key, JsonFile.List([text]));
        }
        else if (!list.Parts.Exists(p => p.Text == text))
        {
            file.AddItem(key, JsonFile.Quote(text));
        }
    }

    /// <summary>Removes a text wherever it stands in a list. A list that is empty then goes as well if that means the same.</summary>
    /// <returns>True when it was there.</returns>
    public static bool Remove(JsonFile file, string[] path, KeySpec spec, string text, bool keepsEmpty = false)
    {
        string[] key = [.. path, NameOf(file, spec, path)];
        var found = false;
        while (file.Find(key) is { Kind: ConfigKind.Array } list && list.Parts.FindIndex(p => p.Text == text) is var at and >= 0)
        {
            file.RemoveItem(key, at);
            found = true;
        }

        if (found && !keepsEmpty && file.Find(key) is { Parts.Count: 0 })
        {
            file.Remove(key);
        }

        return found;
    }

    /// <summary>Puts another text in the place of one.</summary>
    public static bool Replace(JsonFile file, string[] path, KeySpec spec, string text, string other)
    {
        string[] key = [.. path, NameOf(file, spec, path)];
        if (file.Find(key) is not { Kind: ConfigKind.Array } list || list.Parts.FindIndex(p => p.Text == text) is not (var at and >= 0))
        {
            return false;
        }

        file.SetPiece(list.Parts[at], JsonFile.Quote(other));
        return true;
    }

    /// <summary>Takes a file over into the change, if anything in it is another than before.</summary>
    public static bool Keep(ConfigDraft draft, EntryKind kind, string name, JsonFile file, byte[] before)
    {
        if (file.Bytes.AsSpan().SequenceEqual(before))
        {
            return false;
        }

        draft.Write(kind, name, file.Bytes);
        return true;
    }
}

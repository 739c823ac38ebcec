using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Harness;

/// <summary>What a wicked server noted.</summary>
internal sealed class JournalFile(TempFolder folder)
{
    /// <summary>The path, as a JSON member of a script.</summary>
    public string Member => $"\"journal\":\"{Path}\"";

    private string Path { get; } = folder.File("journal-" + Guid.NewGuid().ToString("N") + ".jsonl");

    /// <summary>All entries so far. What follows the last end of a line is still being written.</summary>
    public IReadOnlyList<JsonElement> Entries() => File.Exists(Path)
        ? [.. File.ReadAllText(Path).Split('\n').SkipLast(1).Select(line => JsonElement.Parse(line))]
        : [];

    /// <summary>How many processes started.</summary>
    public int Launches => Entries().Count(e => e.At("event").Str() == "launch");

    /// <summary>Messages of a method that came in.</summary>
    public IReadOnlyList<JsonElement> Received(string method) =>
        [.. Entries().Where(e => e.At("event").Str() == "in").Select(e => e.At("frame")).Where(f => f.At("method").Str() == method)];

    /// <summary>HTTP requests that were met with a status.</summary>
    public IReadOnlyList<JsonElement> Http(int status) =>
        [.. Entries().Where(e => e.At("event").Str() == "http" && e.At("status").GetInt32() == status)];
}

using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Protocol.Headers;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;

namespace Mimir.Router.Catalog;

/// <summary>One tool, prompt, resource or template as its server sent it.</summary>
public sealed class CatalogEntry
{
    private const int NotRead = -1;
    private CatalogEntry?[]? _shaped;
    private int _tasks = NotRead;

    /// <summary>Creates one.</summary>
    /// <param name="json">The object, byte for byte.</param>
    /// <param name="keyAt">Inside of its name or uri in <paramref name="json"/>.</param>
    /// <param name="key">Its name or uri, decoded.</param>
    public CatalogEntry(byte[] json, ByteRange keyAt, string key)
    {
        Json = json;
        KeyAt = keyAt;
        Key = key;
        Utf8Key = Encoding.UTF8.GetBytes(key);
    }

    /// <summary>The object, byte for byte.</summary>
    public byte[] Json { get; }

    /// <summary>Inside of its name or uri.</summary>
    public ByteRange KeyAt { get; }

    /// <summary>Its name or uri, decoded.</summary>
    public string Key { get; }

    /// <summary>The same as UTF-8.</summary>
    public byte[] Utf8Key { get; }

    /// <summary>The name or uri as the inside of a JSON string.</summary>
    public ReadOnlySpan<byte> RawKey => KeyAt.Of(Json);

    /// <summary>True for a tool that its server declares read-only or idempotent: to run it twice does what running it once does.</summary>
    public bool IsIdempotent { get; init; }

    /// <summary>True when a tool's structured content is put into an object for the clients that see this entry.</summary>
    public bool WrapsOutput { get; init; }

    /// <summary>Arguments that clients neither see nor may give; null for none.</summary>
    public FixedArguments? Fixed { get; init; }

    /// <summary>The name by which a namespace shows it instead of the server's own; null for none.</summary>
    public string? Alias { get; init; }

    /// <summary>Whether calls of a tool may be tasks, as its server says; clients may see an entry that does not say it.</summary>
    public TaskSupport Tasks
    {
        get => _tasks == NotRead ? (TaskSupport)(_tasks = (int)ToolDefinition.TaskSupportOf(Json)) : (TaskSupport)_tasks;
        init => _tasks = (int)value;
    }

    /// <summary>The entry as clients of a revision see it: itself where nothing differs, else always the same other one.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="to">The clients' revision.</param>
    public CatalogEntry For(ListKind kind, Revision to)
    {
        if (kind != ListKind.Tools)
        {
            return this;
        }

        var shaped = _shaped ??= new CatalogEntry?[Revision.All.Length];
        return shaped[Revision.All.IndexOf(to)] ??= Shape(kind, to);
    }

    /// <summary>The tool's mirrored parameters; none for what is no tool.</summary>
    public ParamHeaders Parameters { get; init; } = ParamHeaders.None;

    private CatalogEntry Shape(ListKind kind, Revision to)
    {
        var shape = ToolDefinition.Shape(Json, to);
        return ReferenceEquals(shape.Json, Json)
            ? this
            : new CatalogEntry(shape.Json, EntryKey.Find(shape.Json, kind, out _).At, Key)
            {
                Parameters = Parameters,
                WrapsOutput = shape.WrapsOutput,
                IsIdempotent = IsIdempotent,
                Tasks = Tasks,
            };
    }
}

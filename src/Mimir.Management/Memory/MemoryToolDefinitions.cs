using System.Text.Json;
using Mimir.Router.Model;
using ModelContextProtocol.Protocol;

namespace Mimir.Management.Memory;

/// <summary>What the tools of the memory say of themselves.</summary>
internal static class MemoryToolDefinitions
{
    public const string Save = "memory_save";
    public const string Search = "memory_search";
    public const string Get = "memory_get";
    public const string Update = "memory_update";
    public const string Delete = "memory_delete";

    /// <summary>Most tags of a text.</summary>
    public const int MostTags = 16;

    /// <summary>Most characters of a tag.</summary>
    public const int MostTag = 64;

    /// <summary>Most texts that one search finds.</summary>
    public const int MostFound = 100;

    /// <summary>How many it finds unless told otherwise.</summary>
    public const int UsuallyFound = 10;

    /// <summary>Characters of each text that a search shows.</summary>
    public const int MostShown = 2000;

    private const string Id = """ "id":{"type":"string","description":"As memory_save or memory_search gave it."} """;

    private const string Entry = """
        "id":{"type":"string"},
        "content":{"type":"string"},
        "tags":{"type":"array","items":{"type":"string"}},
        "created_at":{"type":"string","format":"date-time"},
        "updated_at":{"type":"string","format":"date-time"}
        """;

    /// <summary>All tools, in the order they are listed.</summary>
    /// <param name="limits">How much may be kept.</param>
    public static IReadOnlyList<Tool> All(MemoryModel limits) =>
    [
        new Tool
        {
            Name = Save,
            Title = "Save a memory",
            Description = "Keeps a text for later, beyond this conversation. It is on the disk once this has answered.",
            InputSchema = Json($$"""
                {"type":"object","properties":{
                "content":{"type":"string","minLength":1,"description":"The text: {{limits.MaxEntryBytes}} bytes at most."},
                "tags":{"type":"array","maxItems":{{MostTags}},"items":{"type":"string","minLength":1,"maxLength":{{MostTag}}},"description":"Words to find it by."} },
                "required":["content"],"additionalProperties":false}
                """),
            OutputSchema = Json("""{"type":"object","properties":{"id":{"type":"string","description":"What it is found, changed and deleted by."}},"required":["id"]}"""),
            Annotations = Hints(readOnly: false, destructive: false, idempotent: false),
        },
        new Tool
        {
            Name = Search,
            Title = "Search memories",
            Description = "Finds texts that were saved: those that hold every word of the query, in the text or in a tag, the newest first. An empty query finds the newest.",
            InputSchema = Json($$"""
                {"type":"object","properties":{
                "query":{"type":"string","maxLength":1000,"description":"Words, or parts of them. Upper and lower case are alike."},
                "limit":{"type":"integer","minimum":1,"maximum":{{MostFound}},"default":{{UsuallyFound}},"description":"Most texts."} },
                "required":["query"],"additionalProperties":false}
                """),
            OutputSchema = Json($$"""
                {"type":"object","properties":{
                "entries":{"type":"array","items":{"type":"object","properties":{ {{Entry}},
                "truncated":{"type":"boolean","description":"The text is longer: memory_get has all of it."} },
                "required":["id","content","tags","created_at","updated_at"]} },
                "total":{"type":"integer","description":"How many there are, shown or not."},
                "damaged_lines":{"type":"integer","description":"Lines of the file that could not be read, as a power cut may leave them. They are kept for the operator."} },
                "required":["entries","total"]}
                """),
            Annotations = Hints(readOnly: true, destructive: false, idempotent: true),
        },
        new Tool
        {
            Name = Get,
            Title = "Get a memory",
            Description = "Gives a text that was saved, whole.",
            InputSchema = Json($$"""{"type":"object","properties":{ {{Id}} },"required":["id"],"additionalProperties":false}"""),
            OutputSchema = Json($$"""{"type":"object","properties":{ {{Entry}} },"required":["id","content","tags","created_at","updated_at"]}"""),
            Annotations = Hints(readOnly: true, destructive: false, idempotent: true),
        },
        new Tool
        {
            Name = Update,
            Title = "Update a memory",
            Description = "Puts another text in the place of one that was saved. Its tags stay.",
            InputSchema = Json($$"""
                {"type":"object","properties":{ {{Id}},
                "content":{"type":"string","minLength":1,"description":"The new text: {{limits.MaxEntryBytes}} bytes at most."} },
                "required":["id","content"],"additionalProperties":false}
                """),
            OutputSchema = Json($$"""{"type":"object","properties":{ {{Entry}} },"required":["id","content","tags","created_at","updated_at"]}"""),
            Annotations = Hints(readOnly: false, destructive: true, idempotent: true),
        },
        new Tool
        {
            Name = Delete,
            Title = "Delete a memory",
            Description = "Takes away a text that was saved, for good.",
            InputSchema = Json($$"""{"type":"object","properties":{ {{Id}} },"required":["id"],"additionalProperties":false}"""),
            OutputSchema = Json("""{"type":"object","properties":{"id":{"type":"string"},"deleted":{"type":"boolean"}},"required":["id","deleted"]}"""),
            Annotations = Hints(readOnly: false, destructive: true, idempotent: false),
        },
    ];

    private static ToolAnnotations Hints(bool readOnly, bool destructive, bool idempotent) =>
        new() { ReadOnlyHint = readOnly, DestructiveHint = destructive, IdempotentHint = idempotent, OpenWorldHint = false };

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}

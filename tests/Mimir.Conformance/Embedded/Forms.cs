using ModelContextProtocol.Protocol;
using static ModelContextProtocol.Protocol.ElicitRequestParams;

namespace Mimir.Conformance.Embedded;

/// <summary>What users are asked.</summary>
internal static class Forms
{
    private static readonly string[] s_options = ["option1", "option2", "option3"];

    public static ElicitRequestParams Name { get; } = Of("What is your name?", ("name", new StringSchema()));

    public static ElicitRequestParams Context { get; } = Of("What context should the prompt use?", ("context", new StringSchema()));

    public static ElicitRequestParams Ok { get; } = Of("Please confirm", ("ok", new BooleanSchema()));

    public static ElicitRequestParams Step1 { get; } = Of("Step 1: What is your name?", ("name", new StringSchema()));

    public static ElicitRequestParams Step2 { get; } = Of("Step 2: What is your favorite color?", ("color", new StringSchema()));

    /// <summary>A default for every primitive type.</summary>
    public static ElicitRequestParams Defaults { get; } = Optional(Of(
        "Please review the defaults",
        ("name", new StringSchema { Default = "John Doe" }),
        ("age", new NumberSchema { Type = "integer", Default = 30 }),
        ("score", new NumberSchema { Default = 95.5 }),
        ("status", new UntitledSingleSelectEnumSchema { Enum = ["active", "inactive", "pending"], Default = "active" }),
        ("verified", new BooleanSchema { Default = true })));

    /// <summary>Every kind of enumeration.</summary>
    public static ElicitRequestParams Choices { get; } = Optional(Of(
        "Please choose",
        ("untitledSingle", new UntitledSingleSelectEnumSchema { Enum = s_options }),
        ("titledSingle", new TitledSingleSelectEnumSchema { OneOf = Titled("Option") }),
#pragma warning disable MCP9001 // The old way of titles, which the suite asks for.
        ("legacyEnum", new LegacyTitledEnumSchema { Enum = ["opt1", "opt2", "opt3"], EnumNames = ["Option One", "Option Two", "Option Three"] }),
#pragma warning restore MCP9001
        ("untitledMulti", new UntitledMultiSelectEnumSchema { Items = new UntitledEnumItemsSchema { Enum = s_options } }),
        ("titledMulti", new TitledMultiSelectEnumSchema { Items = new TitledEnumItemsSchema { AnyOf = Titled("Choice") } })));

    public static ElicitRequestParams Contact(string message) =>
        Of(message, ("username", new StringSchema { Description = "User's response" }), ("email", new StringSchema { Description = "User's email address" }));

    /// <summary>What an accepted form has in a field; null when it was not accepted, or has nothing there.</summary>
    public static string? Field(this ElicitResult result, string name) =>
        result.Action == "accept" && result.Content?.TryGetValue(name, out var value) == true ? value.ToString() : null;

    private static ElicitRequestParams Of(string message, params (string Name, PrimitiveSchemaDefinition Schema)[] fields) => new()
    {
        Message = message,
        RequestedSchema = new RequestSchema
        {
            Properties = fields.ToDictionary(static f => f.Name, static f => f.Schema),
            Required = [.. fields.Select(static f => f.Name)],
        },
    };

    private static ElicitRequestParams Optional(ElicitRequestParams form)
    {
        form.RequestedSchema!.Required = [];
        return form;
    }

    private static IList<EnumSchemaOption> Titled(string noun) =>
        [.. new[] { "First", "Second", "Third" }.Select((which, index) => new EnumSchemaOption { Const = $"value{index + 1}", Title = $"{which} {noun}" })];
}

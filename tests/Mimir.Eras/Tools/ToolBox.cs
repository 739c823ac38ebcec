using Mimir.Eras.Server;

namespace Mimir.Eras.Tools;

/// <summary>All tools of a revision.</summary>
internal sealed class ToolBox
{
    /// <summary>How a line of the memory begins that tells of a new tool.</summary>
    public const string Added = "tool ";

    /// <summary>How a line of the memory begins that tells of a changed resource.</summary>
    public const string Touched = "updated ";

    private readonly EraServer _server;
    private readonly List<Tool> _tools;

    public ToolBox(EraServer server, TaskTools tasks)
    {
        _server = server;
        var era = server.Era;
        _tools =
        [
            new("echo", static call => call.ReplyTextAsync(call.Arguments.Get("text").AsText() ?? ""), "\"text\":{\"type\":\"string\"}"),
            new("violations", ViolationsAsync),
            new("add-tool", AddAsync, "\"name\":{\"type\":\"string\"}"),
            new("touch", TouchAsync, "\"uri\":{\"type\":\"string\"}"),
            .. ContentTools.All(era),
            .. CallTools.All(era),
            .. LedgerTools.All(),
            .. QuestionTools.All(era),
            new("quiz", QuizTool.RunAsync, "\"nonce\":{\"type\":\"string\"},\"rounds\":{\"type\":\"array\"},\"aside\":{\"type\":\"boolean\"}"),
            .. tasks.All(),
        ];
    }

    /// <summary><c>tools/list</c>.</summary>
    public Task ListAsync(Call call) => call.ReplyAsync($"\"tools\":[{string.Join(',', _tools.Concat(AddedTools()).Select(t => t.Entry))}]", cacheable: true);

    /// <summary><c>tools/call</c>.</summary>
    public Task CallAsync(Call call)
    {
        var name = call.Params.Get("name").AsText();
        var tool = _tools.Concat(AddedTools()).FirstOrDefault(t => t.Name == name);
        return tool is null ? call.FailAsync(-32602, $"Tool {name} not found") : tool.RunAsync(call);
    }

    private IEnumerable<Tool> AddedTools() =>
        from line in _server.Memory.Lines
        where line.StartsWith(Added, StringComparison.Ordinal)
        select new Tool(line[Added.Length..], call => call.ReplyTextAsync("added " + line[Added.Length..]));

    private Task ViolationsAsync(Call call)
    {
        var seen = _server.TakeViolations();
        return call.ReplyTextAsync(seen.Length == 0 ? "none" : string.Join('\n', seen));
    }

    private async Task AddAsync(Call call)
    {
        _server.Memory.Note(Added + (call.Arguments.Get("name").AsText() ?? "added"));
        await call.ReplyTextAsync("added");
    }

    private async Task TouchAsync(Call call)
    {
        _server.Memory.Note(Touched + (call.Arguments.Get("uri").AsText() ?? Offer.Static));
        await call.ReplyTextAsync("touched");
    }
}

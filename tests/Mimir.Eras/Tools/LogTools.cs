using Mimir.Eras.Server;

namespace Mimir.Eras.Tools;

/// <summary>Log messages.</summary>
internal static class LogTools
{
    private static readonly string[] s_levels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

    /// <summary><c>logging/setLevel</c>.</summary>
    public static Task SetLevelAsync(Call call)
    {
        var level = call.Params.Get("level").AsText();
        if (!s_levels.Contains(level)) return call.FailAsync(-32602, "the log level is none");
        call.Peer.LogLevel = level;
        return call.ReplyAsync("");
    }

    /// <summary>One message each at three levels. A session that named no level gets all, as its revisions allow; a modern request none.</summary>
    public static async Task LogAsync(Call call)
    {
        var least = Level(call) ?? (call.Era.Modern ? null : "debug");
        foreach (var level in (string[])["debug", "info", "error"])
        {
            if (least is not null && Array.IndexOf(s_levels, level) >= Array.IndexOf(s_levels, least))
                await call.NotifyAsync("notifications/message", $"{{\"level\":\"{level}\",\"logger\":\"eras\",\"data\":\"a {level} line\"}}");
        }

        await call.ReplyTextAsync("logged");
    }

    /// <summary>Answers the level that the caller asked for.</summary>
    public static Task LevelAsync(Call call) => call.ReplyTextAsync("level: " + (Level(call) ?? "none"));

    private static string? Level(Call call) => call.Era.Modern ? call.Message.Meta.Get(MetaKeys.LogLevel).AsText() : call.Peer.LogLevel;
}

using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Mimir.Management.Pages;

/// <summary>What a page that asks for a secret looks like. Whatever others wrote is text on it and nothing else.</summary>
internal static class SecretPage
{
    private const string Style = """
        body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
        h1{font-size:1.4rem}code{background:#f1f3f5;padding:.1rem .3rem;border-radius:4px;overflow-wrap:anywhere}
        label{display:block;margin-top:1.5rem;font-weight:600}input{width:100%;box-sizing:border-box;font:inherit;padding:.5rem;margin:.3rem 0 1rem}
        button{font:inherit;padding:.5rem 1.2rem;cursor:pointer}.wrong{color:#b00020}blockquote{border-left:3px solid #ccc;margin:1rem 0;padding-left:1rem;color:#444}
        @media(prefers-color-scheme:dark){body{background:#16181c;color:#e6e8ea}code{background:#2a2e34}blockquote{color:#bbb}.wrong{color:#ff8a80}}
        """;

    private static readonly string s_policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Says what a browser may do with what follows.</summary>
    public static void Guard(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = s_policy;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";

        // Not no-referrer: under that, browsers send the page's own form with Origin: null, as a stranger's.
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    /// <summary>Asks.</summary>
    /// <param name="response">Where.</param>
    /// <param name="visit">For what.</param>
    /// <param name="wrong">What was wrong with the last answer; empty for nothing.</param>
    public static Task AskAsync(HttpResponse response, SecretVisit visit, string wrong)
    {
        var question = visit.Question;
        var body = new StringBuilder();
        if (question.Prompt.Length > 0)
        {
            body.Append("<p>Who needs it says:</p><blockquote>").Append(Text(question.Prompt)).Append("</blockquote>");
        }

        foreach (var (user, command) in question.Users)
        {
            body.Append("<p><b>").Append(Text(user)).Append("</b> will be given it");
            body.Append(command.Length > 0 ? $", and may be started with it: <code>{Text(command)}</code></p>" : "</p>");
        }

        var reaches = question.Reaches();
        if (reaches.Count > 0)
        {
            body.Append("<p>It may be sent to:</p><ul>").AppendJoin("", reaches.Select(static place => $"<li><code>{Text(place)}</code></li>")).Append("</ul>");
        }

        if (question.IsSet)
        {
            body.Append("<p>A secret of this name is kept already. What you type replaces it.</p>");
        }

        if (wrong.Length > 0)
        {
            body.Append("<p class=wrong role=alert>").Append(Text(wrong)).Append("</p>");
        }

        body.Append("<form method=post autocomplete=off><label for=value>").Append(Text(question.Name)).Append("</label>")
            .Append("<input id=value name=value type=password required autofocus autocomplete=off spellcheck=false>")
            .Append("<input type=hidden name=seen value=\"").Append(Sign(reaches)).Append("\">")
            .Append("<button>Keep it</button></form><p>It is encrypted on this machine. Neither the model nor the client sees it.</p>");
        return WriteAsync(response, StatusCodes.Status200OK, $"Mimir asks for {question.Name}", body.ToString());
    }

    /// <summary>Stands for what a page has shown of where a secret may be sent: letters and digits, none for nothing.</summary>
    public static string Sign(IReadOnlyList<string> reaches) =>
        reaches.Count == 0 ? "" : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', reaches))));

    /// <summary>Says something.</summary>
    public static Task SayAsync(HttpResponse response, int status, string title, string text) => WriteAsync(response, status, title, $"<p>{Text(text)}</p>");

    private static Task WriteAsync(HttpResponse response, int status, string title, string body)
    {
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync(
            $"<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>{Text(title)}</title><style>{Style}</style></head><body><h1>{Text(title)}</h1>{body}</body></html>");
    }

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}

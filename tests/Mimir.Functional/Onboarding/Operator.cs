using System.Net;
using System.Text.RegularExpressions;

namespace Mimir.Functional.Onboarding;

/// <summary>What the operator does in his browser.</summary>
internal static partial class Operator
{
    /// <summary>Opens the page and types a secret.</summary>
    /// <returns>What the page says before and after.</returns>
    public static async Task<(string Before, string After)> TypeAsync(string address, string secret)
    {
        using var http = new HttpClient();
        var before = await http.GetStringAsync(new Uri(address));
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("seen", Seen().Match(before).Groups[1].Value), KeyValuePair.Create("value", secret)]);
        using var answer = await http.PostAsync(new Uri(address), form);
        var after = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, after);
        return (WebUtility.HtmlDecode(Tags().Replace(before, " ")), WebUtility.HtmlDecode(Tags().Replace(after, " ")));
    }

    [GeneratedRegex("name=seen value=\"([^\"]*)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Seen();

    [GeneratedRegex("<style>.*?</style>|<[^>]+>", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Tags();
}

namespace Mimir.Interop;

/// <summary>Requests whose answers are the same every time, for each kind of server.</summary>
/// <param name="Method">The method.</param>
/// <param name="Params">The text of its params; <c>{name:X}</c> stands for the name of X as the endpoint lists it.</param>
public sealed record Request(string Method, string Params)
{
    // Left out, with the reason: get-env answers the environment, which Mimir filters on purpose; get-roots-list, the
    // trigger-* tools and simulate-research-query need a client that is asked back, which the raw one is not (the SDK
    // clients use them); toggle-* tools answer with a session id; get-time answers the time.
    private static readonly Request[] Everything =
    [
        Tool("echo", """{"message":"gr\u00fc\u00DF \/ \ud83d\ude00 <&> 1e400"}"""),
        Tool("echo", """{"message":42}"""),
        Tool("get-sum", """{"a":1.10,"b":2e2}"""),
        Tool("get-annotated-message", """{"messageType":"debug","includeImage":true}"""),
        Tool("get-resource-links", """{"count":10}"""),
        Tool("get-structured-content", """{"location":"New York"}"""),
        Tool("get-structured-content", """{"location":"Atlantis"}"""),
        Tool("get-tiny-image", "{}"),
        Tool("gzip-file-as-resource", """{"name":"a.gz","data":"data:text/plain;base64,aGVsbG8=","outputType":"resource"}"""),
        Tool("trigger-long-running-operation", """{"duration":0.1,"steps":2}"""),
        new("prompts/get", """{"name":"{name:simple-prompt}"}"""),
        new("prompts/get", """{"name":"{name:args-prompt}","arguments":{"city":"Troms\u00f8","state":"\"Troms\""}}"""),
        new("prompts/get", """{"name":"{name:args-prompt}","arguments":{}}"""),
        new("completion/complete", """{"ref":{"type":"ref/prompt","name":"{name:completable-prompt}"},"argument":{"name":"department","value":"S"}}"""),
        new("completion/complete", """{"ref":{"type":"ref/resource","uri":"demo://resource/dynamic/text/{resourceId}"},"argument":{"name":"resourceId","value":"7"}}"""),
        .. new[] { "architecture", "extension", "features", "how-it-works", "instructions", "startup", "structure" }
            .Select(document => Read($"demo://resource/static/document/{document}.md")),
        Read("demo://resource/dynamic/text/seven"),
    ];

    private static readonly Request[] Memory =
    [
        Tool("create_entities", """{"entities":[{"name":"Sk\u00f6ll","entityType":"wolf","observations":["chases the sun","\u2028"]},{"name":"Hati","entityType":"wolf","observations":[]}]}"""),
        Tool("create_relations", """{"relations":[{"from":"Hati","to":"Sk\u00f6ll","relationType":"brother of"}]}"""),
        Tool("add_observations", """{"observations":[{"entityName":"Hati","contents":["chases the moon"]}]}"""),
        Tool("add_observations", """{"observations":[{"entityName":"Nobody","contents":["is not there"]}]}"""),
        Tool("search_nodes", """{"query":"moon"}"""),
        Tool("open_nodes", """{"names":["Hati"]}"""),
        Tool("read_graph", "{}"),
        Read("memory://knowledge-graph"),
        Tool("delete_relations", """{"relations":[{"from":"Hati","to":"Sk\u00f6ll","relationType":"brother of"}]}"""),
        Tool("delete_observations", """{"deletions":[{"entityName":"Hati","observations":["chases the moon"]}]}"""),
        Tool("delete_entities", """{"entityNames":["Hati","Sk\u00f6ll"]}"""),
    ];

    private static readonly Request[] Modern =
    [
        Tool("test_simple_text", "{}"),
        Tool("test_image_content", "{}"),
        Tool("test_multiple_content_types", "{}"),
        Tool("test_error_handling", "{}"),
        Tool("odd_bytes", "{}"),
        Tool("any_structure", "{}"),
        Tool("test_tool_with_progress", "{}"),
        Tool("greet", """{"name":"J\u00f6rmungandr \/ \ud83d\ude00"}"""),
        Tool("test_missing_capability", "{}"),
        Tool("test_input_required_result_capabilities", "{}"),
        new("prompts/get", """{"name":"{name:test_prompt_with_arguments}","arguments":{"arg1":"\u00e9","arg2":"\""}}"""),
        new("completion/complete", """{"ref":{"type":"ref/prompt","name":"{name:test_prompt_with_arguments}"},"argument":{"name":"arg1","value":"p"}}"""),
        Read("test://static-text"),
        Read("test://static-binary"),
        Read("test://template/x%20y/data"),
    ];

    /// <summary>The requests for a server of some kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="folder">The folder that server-filesystem may touch.</param>
    public static IReadOnlyList<Request> For(string kind, string folder) => kind switch
    {
        "everything" => Everything,
        "memory" => Memory,
        "modern" => Modern,
        "apps" => [Read("ui://get-time/mcp-app.html")],
        "filesystem" => Files(folder.Replace("\\", "\\\\", StringComparison.Ordinal)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no requests for it"),
    };

    // get_file_info is left out: it answers when the file was last read, which reading changes.
    private static Request[] Files(string folder) =>
    [
        Tool("list_allowed_directories", "{}"),
        Tool("create_directory", $$"""{"path":"{{folder}}/bytes"}"""),
        Tool("write_file", $$"""{"path":"{{folder}}/bytes/a.txt","content":"eins\nzwei\r\n\u0001 \u2029 \"drei\" \\"}"""),
        Tool("edit_file", $$"""{"path":"{{folder}}/bytes/a.txt","edits":[{"oldText":"zwei","newText":"two"}],"dryRun":true}"""),
        Tool("read_text_file", $$"""{"path":"{{folder}}/bytes/a.txt"}"""),
        Tool("read_file", $$"""{"path":"{{folder}}/gr\u00fc\u00df 'dich'.txt","tail":2}"""),
        Tool("read_multiple_files", $$"""{"paths":["{{folder}}/bytes/a.txt","{{folder}}/none.txt"]}"""),
        Tool("read_media_file", $$"""{"path":"{{folder}}/pixel.png"}"""),
        Tool("list_directory", $$"""{"path":"{{folder}}/bytes"}"""),
        Tool("list_directory_with_sizes", $$"""{"path":"{{folder}}/bytes"}"""),
        Tool("directory_tree", $$"""{"path":"{{folder}}/bytes"}"""),
        Tool("search_files", $$"""{"path":"{{folder}}","pattern":"**/a.*"}"""),
        Tool("read_text_file", """{"path":"/etc/hostname"}"""),
        Tool("move_file", $$"""{"source":"{{folder}}/bytes/none","destination":"{{folder}}/bytes/some"}"""),
        Tool("read_text_file", """{"path":[]}"""),
    ];

    private static Request Tool(string name, string arguments) =>
        new("tools/call", $$"""{"name":"{name:{{name}}}","arguments":{{arguments}}}""");

    private static Request Read(string uri) => new("resources/read", $$"""{"uri":"{{uri}}"}""");
}

// Made of docs/openapi.json by `node scripts/openapi.mjs`; never edited by hand. CI makes it again and compares.

export interface paths {
    "/api/v1/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The open documents. */
        get: operations["listDocuments"];
        put?: never;
        /** Opens a file: 201 for a new document, 200 for the one that already is that file. */
        post: operations["openDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A document and what has become of its file. */
        get: operations["getDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{id}/analysis": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for a job that looks at the bytes: every kind but search, export and save. */
        post: operations["submitAnalysis"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{id}/bytes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of a document, whole or by range. With `revision`, of that revision or refused. */
        get: operations["readDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** The bytes of a document, whole or by range. With `revision`, of that revision or refused. */
        head: operations["readDocumentHead"];
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{id}/edits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Overwrites bytes in the file. Answered once they are stored and flushed. */
        post: operations["editDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{id}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your jobs of a document. */
        get: operations["listDocumentJobs"];
        put?: never;
        /** Asks for a job of any kind. Answered once the order is kept. */
        post: operations["submitJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{id}/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adopts the file that the path names now: its length, its bytes, a new revision. */
        post: operations["reloadDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/documents/{id}/searches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks for every hit of a query: a job of the kind search. */
        post: operations["submitSearch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What may be opened: the roots (empty path), or a folder below one. */
        get: operations["listFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server takes requests (200) or is ending (503); the one thing it tells anybody. */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Your jobs, the oldest first; those of an earlier run of the server included. */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A job: what was asked for, how far it is, what it came to. */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /** Cancels a job under way: 200 with the job. Removes one that has ended, and its rows: 204. */
        delete: operations["deleteJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/density": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many rows begin in each of equal parts of a range. */
        get: operations["getJobDensity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/results": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rows by index, or from an offset on; while the job runs, those there are. */
        get: operations["getJobResults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchanges the link's token, or a one-time code, for a session cookie. */
        post: operations["createSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A one-time code for a browser of whoever asks: it opens `/?code=…` once, within five minutes. */
        post: operations["createLaunchCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/socket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everything that happens, over a WebSocket of the subprotocol mapscope.v1. */
        get: operations["socket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server takes requests (200) or is ending (503); the one thing it tells anybody. */
        get: operations["healthz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the server counts, in the text format of Prometheus. */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/raw/{*}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A file as it is now, for any HTTP client. */
        get: operations["readRaw"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        /** A file as it is now, for any HTTP client. */
        head: operations["readRawHead"];
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AnalysisRequest: components["schemas"]["CountJob"] | components["schemas"]["StringsJob"] | components["schemas"]["EntropyJob"] | components["schemas"]["HistogramJob"] | components["schemas"]["HashJob"] | components["schemas"]["DiffJob"] | components["schemas"]["IdentifyJob"] | components["schemas"]["SweepJob"];
        Base64: string;
        ByteRange: {
            end: components["schemas"]["Offset"];
            start: components["schemas"]["Offset"];
        };
        CountJob: {
            alignment?: number;
            clientId?: string;
            isLive?: boolean;
            isOverlapping?: boolean;
            /** @enum {string} */
            kind: "count";
            query: components["schemas"]["SearchQuery"];
            range?: components["schemas"]["ByteRange"];
        };
        DiffJob: {
            clientId?: string;
            isAligned?: boolean;
            isLive?: boolean;
            /** @enum {string} */
            kind: "diff";
            otherDocumentId: components["schemas"]["DocumentId"];
            range?: components["schemas"]["ByteRange"];
        };
        DiskState: "current" | "truncated" | "grown" | "replaced" | "deleted";
        DocumentId: string;
        DocumentInfo: {
            byteLength: components["schemas"]["Offset"];
            disk: components["schemas"]["DiskState"];
            id: components["schemas"]["DocumentId"];
            mode: components["schemas"]["DocumentMode"];
            name: string;
            path: components["schemas"]["FilePath"];
            presentByteLength: components["schemas"]["Offset"];
            readOnlyReason?: string;
            revision: number;
        };
        DocumentList: {
            documents: components["schemas"]["DocumentInfo"][];
        };
        DocumentMode: "read-only" | "write-through";
        EditRequest: {
            bytes: components["schemas"]["Base64"];
            clientId?: string;
            expected?: components["schemas"]["Base64"];
            offset: components["schemas"]["Offset"];
        };
        EditResult: {
            offset: components["schemas"]["Offset"];
            replaced: components["schemas"]["Base64"];
            revision: number;
        };
        EntropyJob: {
            blockByteLength?: number;
            clientId?: string;
            isLive?: boolean;
            /** @enum {string} */
            kind: "entropy";
            range?: components["schemas"]["ByteRange"];
        };
        ExportJob: {
            algorithms?: ("md5" | "sha1" | "sha256" | "sha512" | "crc32" | "xxh64" | "xxh3" | "xxh128" | "blake3")[];
            clientId?: string;
            isLive?: boolean;
            /** @enum {string} */
            kind: "export";
            range?: components["schemas"]["ByteRange"];
        };
        FileEntry: {
            byteLength?: components["schemas"]["Offset"];
            kind: "file" | "directory" | "other";
            modifiedMs?: number;
            name: string;
            path: components["schemas"]["FilePath"];
            refusal?: string;
        };
        FileList: {
            entries: components["schemas"]["FileEntry"][];
            isTruncated: boolean;
            path: components["schemas"]["FilePath"];
        };
        FilePath: string;
        HashJob: {
            algorithms?: ("md5" | "sha1" | "sha256" | "sha512" | "crc32" | "xxh64" | "xxh3" | "xxh128" | "blake3")[];
            chunkByteLength?: number;
            clientId?: string;
            isLive?: boolean;
            /** @enum {string} */
            kind: "hash";
            range?: components["schemas"]["ByteRange"];
        };
        Health: {
            status: "ok" | "closing";
        };
        HistogramJob: {
            clientId?: string;
            isLive?: boolean;
            /** @enum {string} */
            kind: "histogram";
            range?: components["schemas"]["ByteRange"];
        };
        IdentifyJob: {
            clientId?: string;
            isLive?: boolean;
            /** @enum {string} */
            kind: "identify";
            range?: components["schemas"]["ByteRange"];
        };
        JobDensity: {
            counts: components["schemas"]["Offset"][];
            range: components["schemas"]["ByteRange"];
        };
        JobDetail: {
            createdMs: number;
            cutBy?: "limit" | "space";
            documentId: components["schemas"]["DocumentId"];
            endedMs?: number;
            hasChanged: boolean;
            id: string;
            kind: string;
            path: components["schemas"]["FilePath"];
            principal: string;
            problem?: components["schemas"]["Problem"];
            range: components["schemas"]["ByteRange"];
            request: components["schemas"]["JobRequest"];
            rowCount: components["schemas"]["Offset"];
            scanned: components["schemas"]["Offset"];
            shards?: {
                count: components["schemas"]["Offset"];
                done: components["schemas"]["Offset"];
            };
            startedMs?: number;
            state: components["schemas"]["JobState"];
            summary?: components["schemas"]["JobSummary"];
            total: components["schemas"]["Offset"];
            unreadable: components["schemas"]["ByteRange"][];
        };
        JobInfo: {
            createdMs: number;
            cutBy?: "limit" | "space";
            documentId: components["schemas"]["DocumentId"];
            endedMs?: number;
            hasChanged: boolean;
            id: string;
            kind: string;
            path: components["schemas"]["FilePath"];
            principal: string;
            problem?: components["schemas"]["Problem"];
            range: components["schemas"]["ByteRange"];
            rowCount: components["schemas"]["Offset"];
            scanned: components["schemas"]["Offset"];
            shards?: {
                count: components["schemas"]["Offset"];
                done: components["schemas"]["Offset"];
            };
            startedMs?: number;
            state: components["schemas"]["JobState"];
            summary?: components["schemas"]["JobSummary"];
            total: components["schemas"]["Offset"];
            unreadable: components["schemas"]["ByteRange"][];
        };
        JobList: {
            jobs: components["schemas"]["JobInfo"][];
        };
        JobRequest: components["schemas"]["SearchJob"] | components["schemas"]["CountJob"] | components["schemas"]["StringsJob"] | components["schemas"]["EntropyJob"] | components["schemas"]["HistogramJob"] | components["schemas"]["HashJob"] | components["schemas"]["DiffJob"] | components["schemas"]["IdentifyJob"] | components["schemas"]["SweepJob"] | components["schemas"]["ExportJob"] | components["schemas"]["SaveJob"];
        JobResults: {
            rowCount: components["schemas"]["Offset"];
            rows: components["schemas"]["JobRow"][];
            start: components["schemas"]["Offset"];
            state: components["schemas"]["JobState"];
        };
        JobRow: {
            byteLength?: components["schemas"]["Offset"];
            classes?: components["schemas"]["Offset"][];
            difference?: string;
            digests?: {
                [key: string]: string;
            };
            entropy?: number | null;
            extension?: string;
            mime?: string;
            name?: string;
            offset: components["schemas"]["Offset"];
            otherByteLength?: components["schemas"]["Offset"];
            otherOffset?: components["schemas"]["Offset"];
            title?: string;
            which?: components["schemas"]["Offset"];
        };
        JobState: "queued" | "running" | "done" | "failed" | "cancelled";
        JobSummary: {
            count: components["schemas"]["Offset"];
            /** @enum {string} */
            kind: "count";
        } | {
            byteLength: components["schemas"]["Offset"];
            counts: components["schemas"]["Offset"][];
            entropy: number | null;
            /** @enum {string} */
            kind: "histogram";
        } | {
            digests: {
                [key: string]: string;
            };
            /** @enum {string} */
            kind: "hash";
        } | {
            digests: {
                [key: string]: string;
            };
            documentByteLength: components["schemas"]["Offset"];
            generation: string;
            /** @enum {string} */
            kind: "manifest";
            path: components["schemas"]["FilePath"];
            range: components["schemas"]["ByteRange"];
            rangeHeader?: string;
            revision: number;
            url: string;
        } | {
            disk: components["schemas"]["DiskState"];
            documentByteLength: components["schemas"]["Offset"];
            generation: string;
            /** @enum {string} */
            kind: "saved";
            path: components["schemas"]["FilePath"];
            revision: number;
            storedByteLength: components["schemas"]["Offset"];
        };
        LaunchCode: {
            code: string;
        };
        Offset: number;
        OpenRequest: {
            path: components["schemas"]["FilePath"];
        };
        /**
         * @example {
         *       "type": "urn:mapscope:problem:ERR_REVISION",
         *       "title": "The document has another revision",
         *       "status": 409,
         *       "detail": "revision 1 was asked for, the document has 2",
         *       "code": "ERR_REVISION",
         *       "revision": 2
         *     }
         */
        Problem: {
            /** @enum {unknown} */
            code: "ERR_UNAUTHORIZED" | "ERR_ROLE" | "ERR_HOST_NOT_ALLOWED" | "ERR_ORIGIN_NOT_ALLOWED" | "ERR_REQUEST" | "ERR_NOT_FOUND" | "ERR_METHOD" | "ERR_FORBIDDEN" | "ERR_OUTSIDE_ROOTS" | "ERR_NOT_A_FILE" | "ERR_NOT_A_DIRECTORY" | "ERR_READ_ONLY" | "ERR_RANGE" | "ERR_RANGE_NOT_SATISFIABLE" | "ERR_PRECONDITION" | "ERR_TOO_LARGE" | "ERR_REVISION" | "ERR_CONFLICT" | "ERR_UNREADABLE" | "ERR_UNSUPPORTED" | "ERR_TOO_MANY" | "ERR_CLOSING" | "ERR_AUDIT" | "ERR_TIMEOUT" | "ERR_OS" | "ERR_INTERNAL";
            detail: string;
            errno?: string;
            present?: string;
            presentByteLength?: components["schemas"]["Offset"];
            revision?: number;
            status: number;
            title: string;
            type: string;
            unreadable?: components["schemas"]["ByteRange"][];
        };
        SaveJob: {
            clientId?: string;
            isLive?: boolean;
            /** @enum {string} */
            kind: "save";
            range?: components["schemas"]["ByteRange"];
        };
        SearchDirection: "forward" | "backward";
        SearchesRequest: {
            alignment?: number;
            clientId?: string;
            direction?: components["schemas"]["SearchDirection"];
            isLive?: boolean;
            isOverlapping?: boolean;
            limit?: number;
            query: components["schemas"]["SearchQuery"];
            range?: components["schemas"]["ByteRange"];
        };
        SearchJob: {
            alignment?: number;
            clientId?: string;
            direction?: components["schemas"]["SearchDirection"];
            isLive?: boolean;
            isOverlapping?: boolean;
            /** @enum {string} */
            kind: "search";
            limit?: number;
            query: components["schemas"]["SearchQuery"];
            range?: components["schemas"]["ByteRange"];
        };
        SearchQuery: {
            /** @enum {string} */
            kind: "hex";
            text: string;
        } | {
            encoding?: string;
            isCaseInsensitive?: boolean;
            /** @enum {string} */
            kind: "text";
            text: string;
        } | {
            isLittleEndian?: boolean;
            /** @enum {string} */
            kind: "number";
            text: string;
            type: "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "u64" | "i64" | "f16" | "f32" | "f64" | "uleb128" | "sleb128";
        } | {
            /** @enum {string} */
            kind: "needles";
            text: string;
        } | {
            flags?: string;
            isCaseInsensitive?: boolean;
            /** @enum {string} */
            kind: "regexp";
            maxMatchByteLength?: number;
            text: string;
        };
        SessionInfo: {
            isWritable: boolean;
            name: string;
            role: "view" | "annotate" | "edit" | "admin";
            version: string;
        };
        SessionRequest: {
            code?: string;
            token?: string;
        };
        StringsJob: {
            clientId?: string;
            encoding?: "ascii" | "utf8" | "utf16le" | "utf16be";
            isLive?: boolean;
            /** @enum {string} */
            kind: "strings";
            minLength?: number;
            range?: components["schemas"]["ByteRange"];
        };
        SweepJob: {
            clientId?: string;
            isLive?: boolean;
            /** @enum {string} */
            kind: "sweep";
            range?: components["schemas"]["ByteRange"];
        };
    };
    responses: {
        /** @description Problem details (RFC 9457); `code` is stable. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listDocuments: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "documents": [
                     *         {
                     *           "id": "S3kqT0mZxVb1Wc9f",
                     *           "path": "evidence/disk.img",
                     *           "name": "disk.img",
                     *           "byteLength": 16492674416640,
                     *           "presentByteLength": 16492674416640,
                     *           "disk": "current",
                     *           "revision": 1,
                     *           "mode": "read-only",
                     *           "readOnlyReason": "the server serves read-only; start it with --writable to edit"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DocumentList"];
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    openDocument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "path": "evidence/disk.img"
                 *     }
                 */
                "application/json": components["schemas"]["OpenRequest"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "S3kqT0mZxVb1Wc9f",
                     *       "path": "evidence/disk.img",
                     *       "name": "disk.img",
                     *       "byteLength": 16492674416640,
                     *       "presentByteLength": 16492674416640,
                     *       "disk": "current",
                     *       "revision": 1,
                     *       "mode": "read-only",
                     *       "readOnlyReason": "the server serves read-only; start it with --writable to edit"
                     *     }
                     */
                    "application/json": components["schemas"]["DocumentInfo"];
                };
            };
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "S3kqT0mZxVb1Wc9f",
                     *       "path": "evidence/disk.img",
                     *       "name": "disk.img",
                     *       "byteLength": 16492674416640,
                     *       "presentByteLength": 16492674416640,
                     *       "disk": "current",
                     *       "revision": 1,
                     *       "mode": "read-only",
                     *       "readOnlyReason": "the server serves read-only; start it with --writable to edit"
                     *     }
                     */
                    "application/json": components["schemas"]["DocumentInfo"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "S3kqT0mZxVb1Wc9f",
                     *       "path": "evidence/disk.img",
                     *       "name": "disk.img",
                     *       "byteLength": 16492674416640,
                     *       "presentByteLength": 4096,
                     *       "disk": "truncated",
                     *       "revision": 2,
                     *       "mode": "read-only",
                     *       "readOnlyReason": "the server serves read-only; start it with --writable to edit"
                     *     }
                     */
                    "application/json": components["schemas"]["DocumentInfo"];
                };
            };
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    submitAnalysis: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": "hash",
                 *       "algorithms": [
                 *         "sha256"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["AnalysisRequest"];
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "q1pXw0ZsYb7KfGtA",
                     *       "kind": "hash",
                     *       "documentId": "S3kqT0mZxVb1Wc9f",
                     *       "path": "evidence/disk.img",
                     *       "principal": "ada",
                     *       "state": "queued",
                     *       "createdMs": 1763893000000,
                     *       "startedMs": 1763893000004,
                     *       "range": {
                     *         "start": 0,
                     *         "end": 16492674416640
                     *       },
                     *       "scanned": 0,
                     *       "total": 16492674416640,
                     *       "shards": {
                     *         "done": 4,
                     *         "count": 7680
                     *       },
                     *       "rowCount": 0,
                     *       "unreadable": [],
                     *       "hasChanged": false,
                     *       "request": {
                     *         "kind": "hash",
                     *         "algorithms": [
                     *           "sha256"
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    readDocument: {
        parameters: {
            query?: {
                revision?: number;
            };
            header?: {
                "if-match"?: string;
                "if-modified-since"?: string;
                "if-none-match"?: string;
                "if-range"?: string;
                "if-unmodified-since"?: string;
                /** @description `bytes=first-last`, `bytes=first-`, `bytes=-suffix`, or several, with commas */
                range?: string;
            };
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every byte; the connection breaks where one cannot be read. */
            200: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The range, shortened to what can be read; or several, as parts, where a byte that cannot be read breaks the connection. */
            206: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description `bytes first-last/length` */
                    "content-range"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    /** @description Half-open ranges that cannot be read, as `4096-65536, 70000-70001`; the body ends before the first. */
                    "mapscope-unreadable"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                    "multipart/byteranges": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            416: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    readDocumentHead: {
        parameters: {
            query?: {
                revision?: number;
            };
            header?: {
                "if-match"?: string;
                "if-modified-since"?: string;
                "if-none-match"?: string;
                "if-range"?: string;
                "if-unmodified-since"?: string;
                /** @description `bytes=first-last`, `bytes=first-`, `bytes=-suffix`, or several, with commas */
                range?: string;
            };
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every byte; the connection breaks where one cannot be read. */
            200: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The range, shortened to what can be read; or several, as parts, where a byte that cannot be read breaks the connection. */
            206: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description `bytes first-last/length` */
                    "content-range"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    /** @description Half-open ranges that cannot be read, as `4096-65536, 70000-70001`; the body ends before the first. */
                    "mapscope-unreadable"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not modified. */
            304: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    editDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "offset": 4398046511104,
                 *       "bytes": "TVo=",
                 *       "expected": "AAA="
                 *     }
                 */
                "application/json": components["schemas"]["EditRequest"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "revision": 2,
                     *       "offset": 4398046511104,
                     *       "replaced": "AAA="
                     *     }
                     */
                    "application/json": components["schemas"]["EditResult"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listDocumentJobs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "id": "q1pXw0ZsYb7KfGtA",
                     *           "kind": "search",
                     *           "documentId": "S3kqT0mZxVb1Wc9f",
                     *           "path": "evidence/disk.img",
                     *           "principal": "ada",
                     *           "state": "running",
                     *           "createdMs": 1763893000000,
                     *           "startedMs": 1763893000004,
                     *           "range": {
                     *             "start": 0,
                     *             "end": 16492674416640
                     *           },
                     *           "scanned": 8589934592,
                     *           "total": 16492674416640,
                     *           "shards": {
                     *             "done": 4,
                     *             "count": 7680
                     *           },
                     *           "rowCount": 2,
                     *           "unreadable": [],
                     *           "hasChanged": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["JobList"];
                };
            };
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    submitJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "kind": "search",
                 *       "query": {
                 *         "kind": "hex",
                 *         "text": "4D 5A ?? ?? 50"
                 *       },
                 *       "limit": 1000
                 *     }
                 */
                "application/json": components["schemas"]["JobRequest"];
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "q1pXw0ZsYb7KfGtA",
                     *       "kind": "search",
                     *       "documentId": "S3kqT0mZxVb1Wc9f",
                     *       "path": "evidence/disk.img",
                     *       "principal": "ada",
                     *       "state": "queued",
                     *       "createdMs": 1763893000000,
                     *       "startedMs": 1763893000004,
                     *       "range": {
                     *         "start": 0,
                     *         "end": 16492674416640
                     *       },
                     *       "scanned": 0,
                     *       "total": 16492674416640,
                     *       "shards": {
                     *         "done": 4,
                     *         "count": 7680
                     *       },
                     *       "rowCount": 0,
                     *       "unreadable": [],
                     *       "hasChanged": false,
                     *       "request": {
                     *         "kind": "search",
                     *         "query": {
                     *           "kind": "hex",
                     *           "text": "4D 5A ?? ?? 50"
                     *         },
                     *         "limit": 1000
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    reloadDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "S3kqT0mZxVb1Wc9f",
                     *       "path": "evidence/disk.img",
                     *       "name": "disk.img",
                     *       "byteLength": 4096,
                     *       "presentByteLength": 4096,
                     *       "disk": "current",
                     *       "revision": 3,
                     *       "mode": "read-only",
                     *       "readOnlyReason": "the server serves read-only; start it with --writable to edit"
                     *     }
                     */
                    "application/json": components["schemas"]["DocumentInfo"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    submitSearch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "query": {
                 *         "kind": "hex",
                 *         "text": "4D 5A ?? ?? 50"
                 *       },
                 *       "limit": 1000
                 *     }
                 */
                "application/json": components["schemas"]["SearchesRequest"];
            };
        };
        responses: {
            /** @description Default Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "q1pXw0ZsYb7KfGtA",
                     *       "kind": "search",
                     *       "documentId": "S3kqT0mZxVb1Wc9f",
                     *       "path": "evidence/disk.img",
                     *       "principal": "ada",
                     *       "state": "queued",
                     *       "createdMs": 1763893000000,
                     *       "startedMs": 1763893000004,
                     *       "range": {
                     *         "start": 0,
                     *         "end": 16492674416640
                     *       },
                     *       "scanned": 0,
                     *       "total": 16492674416640,
                     *       "shards": {
                     *         "done": 4,
                     *         "count": 7680
                     *       },
                     *       "rowCount": 0,
                     *       "unreadable": [],
                     *       "hasChanged": false,
                     *       "request": {
                     *         "kind": "search",
                     *         "query": {
                     *           "kind": "hex",
                     *           "text": "4D 5A ?? ?? 50"
                     *         },
                     *         "limit": 1000
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listFiles: {
        parameters: {
            query?: {
                path?: components["schemas"]["FilePath"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "path": "evidence",
                     *       "entries": [
                     *         {
                     *           "name": "logs",
                     *           "path": "evidence/logs",
                     *           "kind": "directory"
                     *         },
                     *         {
                     *           "name": "disk.img",
                     *           "path": "evidence/disk.img",
                     *           "kind": "file",
                     *           "byteLength": 16492674416640,
                     *           "modifiedMs": 1763893000000
                     *         }
                     *       ],
                     *       "isTruncated": false
                     *     }
                     */
                    "application/json": components["schemas"]["FileList"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description It is ending: no new requests. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "closing"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "jobs": [
                     *         {
                     *           "id": "q1pXw0ZsYb7KfGtA",
                     *           "kind": "search",
                     *           "documentId": "S3kqT0mZxVb1Wc9f",
                     *           "path": "evidence/disk.img",
                     *           "principal": "ada",
                     *           "state": "running",
                     *           "createdMs": 1763893000000,
                     *           "startedMs": 1763893000004,
                     *           "range": {
                     *             "start": 0,
                     *             "end": 16492674416640
                     *           },
                     *           "scanned": 8589934592,
                     *           "total": 16492674416640,
                     *           "shards": {
                     *             "done": 4,
                     *             "count": 7680
                     *           },
                     *           "rowCount": 2,
                     *           "unreadable": [],
                     *           "hasChanged": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["JobList"];
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "q1pXw0ZsYb7KfGtA",
                     *       "kind": "search",
                     *       "documentId": "S3kqT0mZxVb1Wc9f",
                     *       "path": "evidence/disk.img",
                     *       "principal": "ada",
                     *       "state": "running",
                     *       "createdMs": 1763893000000,
                     *       "startedMs": 1763893000004,
                     *       "range": {
                     *         "start": 0,
                     *         "end": 16492674416640
                     *       },
                     *       "scanned": 8589934592,
                     *       "total": 16492674416640,
                     *       "shards": {
                     *         "done": 4,
                     *         "count": 7680
                     *       },
                     *       "rowCount": 2,
                     *       "unreadable": [],
                     *       "hasChanged": false,
                     *       "request": {
                     *         "kind": "search",
                     *         "query": {
                     *           "kind": "hex",
                     *           "text": "4D 5A ?? ?? 50"
                     *         },
                     *         "limit": 1000
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["JobDetail"];
                };
            };
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
        };
    };
    deleteJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "q1pXw0ZsYb7KfGtA",
                     *       "kind": "search",
                     *       "documentId": "S3kqT0mZxVb1Wc9f",
                     *       "path": "evidence/disk.img",
                     *       "principal": "ada",
                     *       "state": "cancelled",
                     *       "createdMs": 1763893000000,
                     *       "startedMs": 1763893000004,
                     *       "range": {
                     *         "start": 0,
                     *         "end": 16492674416640
                     *       },
                     *       "scanned": 8589934592,
                     *       "total": 16492674416640,
                     *       "shards": {
                     *         "done": 4,
                     *         "count": 7680
                     *       },
                     *       "rowCount": 2,
                     *       "unreadable": [],
                     *       "hasChanged": false
                     *     }
                     */
                    "application/json": components["schemas"]["JobInfo"];
                };
            };
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getJobDensity: {
        parameters: {
            query?: {
                buckets?: number;
                end?: components["schemas"]["Offset"];
                start?: components["schemas"]["Offset"];
            };
            header?: never;
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "range": {
                     *         "start": 0,
                     *         "end": 16492674416640
                     *       },
                     *       "counts": [
                     *         2,
                     *         0,
                     *         0,
                     *         0
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["JobDensity"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getJobResults: {
        parameters: {
            query?: {
                limit?: number;
                offset?: components["schemas"]["Offset"];
                start?: components["schemas"]["Offset"];
            };
            header?: never;
            path: {
                id: components["schemas"]["DocumentId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "state": "running",
                     *       "start": 0,
                     *       "rowCount": 2,
                     *       "rows": [
                     *         {
                     *           "offset": 4096,
                     *           "byteLength": 5
                     *         },
                     *         {
                     *           "offset": 5368709120,
                     *           "byteLength": 5
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["JobResults"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "the-token-of-the-link-that-was-printed"
                 *     }
                 */
                "application/json": components["schemas"]["SessionRequest"];
            };
        };
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "version": "1.0.0",
                     *       "isWritable": false,
                     *       "name": "ada",
                     *       "role": "view"
                     *     }
                     */
                    "application/json": components["schemas"]["SessionInfo"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
        };
    };
    createLaunchCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": "opens-one-browser-once"
                     *     }
                     */
                    "application/json": components["schemas"]["LaunchCode"];
                };
            };
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
        };
    };
    socket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection is a WebSocket now. */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            426: components["responses"]["Problem"];
        };
    };
    healthz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description It is ending: no new requests. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "closing"
                     *     }
                     */
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text format 0.0.4. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example mapscope_open_documents 2 */
                    "text/plain": string;
                };
            };
            401: components["responses"]["Problem"];
        };
    };
    readRaw: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string;
                "if-modified-since"?: string;
                "if-none-match"?: string;
                "if-range"?: string;
                "if-unmodified-since"?: string;
                /** @description `bytes=first-last`, `bytes=first-`, `bytes=-suffix`, or several, with commas */
                range?: string;
            };
            path: {
                /** @description <root>/<path below it>, percent-encoded */
                "*": string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every byte; the connection breaks where one cannot be read. */
            200: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The range, shortened to what can be read; or several, as parts, where a byte that cannot be read breaks the connection. */
            206: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description `bytes first-last/length` */
                    "content-range"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    /** @description Half-open ranges that cannot be read, as `4096-65536, 70000-70001`; the body ends before the first. */
                    "mapscope-unreadable"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                    "multipart/byteranges": string;
                };
            };
            /** @description Not modified. */
            304: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            410: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            416: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    readRawHead: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string;
                "if-modified-since"?: string;
                "if-none-match"?: string;
                "if-range"?: string;
                "if-unmodified-since"?: string;
                /** @description `bytes=first-last`, `bytes=first-`, `bytes=-suffix`, or several, with commas */
                range?: string;
            };
            path: {
                /** @description <root>/<path below it>, percent-encoded */
                "*": string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every byte; the connection breaks where one cannot be read. */
            200: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The range, shortened to what can be read; or several, as parts, where a byte that cannot be read breaks the connection. */
            206: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description `bytes first-last/length` */
                    "content-range"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    /** @description Half-open ranges that cannot be read, as `4096-65536, 70000-70001`; the body ends before the first. */
                    "mapscope-unreadable"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not modified. */
            304: {
                headers: {
                    /** @description `bytes` */
                    "accept-ranges"?: string;
                    /** @description Strong: of this state of the file and no other. */
                    etag?: string;
                    /** @description The document's revision; not on /raw. */
                    "mapscope-revision"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Problem details (RFC 9457); `code` is stable. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
